"""Which item of the support module does the work of a function or method of the library.

Enters: nothing. Leaves: tables. A form is the item, with a dot before it where it is a method of the receiver's Rust
type, then a letter for each argument: `v` by value, `r` looked at, `f` a function that is called while the item runs.
`=` before the form takes the receiver itself. `!` changes the receiver. Read `rust_calls.py` next.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["CHANGES", "FUNCTIONS", "METHODS", "Form"]


class Form(NamedTuple):
    """How an item is called, once for each number of arguments."""

    item: str
    modes: str
    added: tuple[str, ...] = ()
    """Arguments that the program leaves out, as Rust's names or numbers."""


def _forms(text: str) -> dict[str, list[Form]]:
    """Lines of `names: item modes +added`, read into forms by each name."""
    found: dict[str, list[Form]] = {}
    for line in text.strip().splitlines():
        names, _, rest = line.strip().partition(": ")
        words = rest.split()
        modes = "".join(word for word in words[1:] if not word.startswith("+"))
        added = tuple(word[1:] for word in words[1:] if word.startswith("+"))
        for name in names.split():
            found.setdefault(name, []).append(Form(words[0], modes, added))
    return found


METHODS: dict[str, dict[str, list[Form]]] = {
    "str": _forms(
        """
        len length: byte_count
        to_upper to_uppercase upper: .upper
        to_lower to_lowercase lower: .lower
        trim: trimmed
        trim_start: trimmed_start
        trim_end: trimmed_end
        chars to_vec: characters
        bytes as_bytes: byte_list
        lines: text_lines
        split: split_text r
        split_whitespace: split_words
        contains: .contains r
        starts_with: text_starts r
        ends_with: text_ends r
        replace: replaced_text r r
        repeat: repeated_text v
        substring slice: text_part v +i64::MAX
        substring slice: text_part v v
        char_at: character_at v
        append concat: joined_text r
        is_empty: text_is_empty
        is_numeric: is_all_digits
        is_digit: is_all_digits
        is_alphabetic: .isalpha
        is_alphanumeric: .isalnum
        is_whitespace: .isspace
        is_uppercase: .isupper
        is_lowercase: .islower
        to_string to_owned as_str clone: =.clone
        to_int to_integer: text_to_integer
        to_float: text_to_float
        reverse: reversed_text
        find: text_find r
        index_of: text_index r
        join: text_between_parts r
        pad_left: padded_left v +blank
        pad_left: padded_left v r
        pad_right: padded_right v +blank
        pad_right: padded_right v r
        count: text_count r
        nth get: character_get v
        first: character_get +0
        last: last_character
        cmp: order_number r
        ord: character_number
        """
    ),
    "list": _forms(
        """
        len length: .count
        count: .count
        count: .count_of f
        is_empty: .is_empty
        first head: .first_item
        last: .last_item
        tail: .tail
        get: .get_item v
        nth: .nth_item v
        contains: .has_item r
        index_of: .index_of r
        position: .position_of f
        join: .joined +""
        join: .joined r
        concat append: .joined_with r
        union: .united r
        intersection: .shared_items r
        difference: .other_items r
        take: .take_items v
        skip: .skip_items v
        take_while: .taken_while f
        skip_while: .skipped_while f
        zip: .zipped r
        map: .mapped f
        flat_map: .flat_mapped f
        filter: .filtered f
        filter_map: .filter_mapped f
        any: .any_item f
        all: .all_items f
        find: .found f
        each for_each: .each_item f
        unique: .unique_items
        enumerate: .numbered
        min: .extreme +Ordering::Less
        max: .extreme +Ordering::Greater
        min_by_key: .extreme_by f +Ordering::Less
        max_by_key: .extreme_by f +Ordering::Greater
        sort sorted: .sorted_items
        sort_by_key: .sorted_by f
        reverse rev: .reversed
        iter iter_mut into_iter collect copied cloned clone to_vec to_array as_slice: =.clone
        step_by: .every v
        slice: .part v +i64::MAX
        slice: .part v v
        chunks: .chunked v
        windows: .windowed v
        partition: .parted f
        group_by: .grouped f
        repeat: .repeated v
        dedup: .deduplicated
        to_string: shown_text
        """
    ),
    "i64": _forms(
        """
        abs: =magnitude_of
        pow powi: =method_power v
        to_string: shown_text
        to_float: =as_float
        to_int floor ceil clone: =.clone
        round: =.clone
        signum: =.signum
        sqrt: =whole_root
        min: =smaller v
        max: =larger v
        clamp: =clamped v v
        is_even: =is_even
        is_odd: =is_odd
        rem_euclid: =euclidean v
        wrapping_add: =.wrapping_add v
        wrapping_mul: =.wrapping_mul v
        wrapping_sub: =.wrapping_sub v
        count_ones: =bit_count_of
        cmp: order_number r
        sin: =whole_sine
        cos: =whole_cosine
        to_char: =character_of
        """
    ),
    "f64": _forms(
        """
        sqrt: =.sqrt
        abs: =.abs
        round: =rounded_half
        round: =rounded_to v
        floor: =.floor
        ceil: =.ceil
        trunc: =.trunc
        sin: =.sin
        cos: =.cos
        tan: =.tan
        ln log: =natural_log
        log: =log_to v
        log10: =.log10
        log2: =.log2
        exp: =.exp
        powf: =platform_power v
        powi: =whole_exponent v
        to_int: =truncated
        to_float clone: =.clone
        to_string: =float_string
        signum: =sign_of
        min: =smaller v
        max: =larger v
        clamp: =clamped v v
        is_nan: =.is_nan
        is_infinite: =.is_infinite
        is_finite: =.is_finite
        """
    ),
    "bool": _forms("to_string: shown_text\nclone: =.clone"),
    "range": _forms(
        """
        len: .count
        contains: .holds v
        to_string: shown_text
        is_empty: .is_empty
        sum: .total
        """
    ),
    "dict": _forms(
        """
        len length: .count
        is_empty: .is_empty
        keys: .keys
        values: .values
        items entries iter: .items
        get: .get r
        get: .get_or r v
        get_or: .get_or r v
        contains_key has_key contains: .has r
        clone: =.clone
        merge: .merged r
        to_string: shown_text
        """
    ),
    "set": _forms(
        """
        len: .count
        is_empty: .is_empty
        contains: .has r
        iter to_vec: .to_array
        clone: =.clone
        union: .united r
        intersection: .shared_items r
        difference: .other_items r
        to_string: shown_text
        """
    ),
    "option": _forms(
        """
        unwrap: =unwrap_option
        expect: =expect_option r
        unwrap_or: =.unwrap_or v
        unwrap_or_else: =.unwrap_or_else f
        is_some: .is_some
        is_none: .is_none
        map: =.map f
        map_or: =.map_or v f
        and_then: =.and_then f
        or: =.or v
        or_else: =.or_else f
        filter: =option_filter f
        ok_or: =.ok_or v
        clone: =.clone
        to_string: shown_text
        """
    ),
    "result": _forms(
        """
        unwrap: =unwrap_result
        expect: =expect_result r
        unwrap_err: =unwrap_error
        unwrap_or: =.unwrap_or v
        unwrap_or_else: =.unwrap_or_else f
        is_ok: .is_ok
        is_err: .is_err
        ok: =.ok
        err: =.err
        map: =.map f
        map_err: =.map_err f
        and_then: =.and_then f
        clone: =.clone
        to_string: shown_text
        """
    ),
}
"""The methods that leave their receiver as it is."""

CHANGES: dict[str, dict[str, list[Form]]] = {
    "list": _forms(
        """
        push push_back: .push v
        push_front: .push_front v
        pop pop_back: .pop
        pop_front: .pop_front
        insert: .insert_at v v
        remove: .remove_at v
        extend: .extend_with r
        clear: .clear_all
        swap: .swap_items v v
        truncate: .truncate_to v
        """
    ),
    "dict": _forms(
        """
        insert set: .put v v
        remove: .remove_key r
        clear: .clear_all
        extend: .extend_with r
        """
    ),
    "set": _forms("insert add: .add v\nremove: .discard r\nclear: .clear_all"),
    "str": _forms("push push_str: push_text r\npop: pop_character\nclear: clear_text"),
}
"""The methods that change their receiver."""

FUNCTIONS: dict[str, list[Form]] = _forms(
    """
    random: random_float
    random_int: random_between v v
    range: range_list +0 v +1
    range: range_list v v +1
    range: range_list v v v
    parse_int: text_to_integer r
    parse_float: parse_real r
    split: split_text r r
    timestamp: time_seconds
    get_time_ms now_millis: time_milliseconds
    env_args env::args: program_words
    env_var: environment_word r
    env::var: environment_result r
    env_current_dir: folder_now
    read_line input: prompted_line +""
    input: prompted_line r
    read_file fs_read: read_whole r
    fs::read_to_string: read_attempt r
    write_file fs_write: write_whole r r
    fs::write: write_attempt r r
    append_file: append_whole r r
    file_exists fs_exists: is_path_there r
    delete_file fs_remove_file: remove_file_at r
    fs_create_dir: create_folder r
    fs_remove_dir: remove_folder_at r
    fs_read_dir: folder_names r
    fs_is_file: path_is_file r
    fs_is_dir: path_is_folder r
    fs_copy: copy_file_to r r
    fs_rename: rename_file_to r r
    path_join: path_joined r r
    path_parent: path_above r
    path_file_name: path_last r
    path_extension: path_ending r
    path_is_absolute: path_is_rooted r
    """
)
"""Functions whose parameters are of one kind."""
