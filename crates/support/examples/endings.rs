//! Small programs, one for each name, as the translator would write them; `test_endings.py` holds the Python of each.

use support::*;

static ODD_ERROR: Kind = Kind::new("OddError", &VALUE_ERROR);
static DEEP_ERROR: Kind = Kind::with_bases("DeepError", &KEY_ERROR, &[&ATTRIBUTE_ERROR]);

fn nothing() -> Result<(), Exc> {
    Ok(())
}

fn prints() -> Result<(), Exc> {
    say_raw!("a");
    say!(" b {}", 1);
    complain!("to errors");
    say!("é {}", show(&list![Str::from("x\n"), Str::from("'")]));
    Ok(())
}

fn value_error() -> Result<(), Exc> {
    say!("before");
    Err(Exc::new(&VALUE_ERROR, "bad value"))
}

fn key_error() -> Result<(), Exc> {
    let dict: Dict<(i64, Str), i64> = Dict::new();
    dict.get_item(&(1, Str::from("it's")))?;
    Ok(())
}

fn bare() -> Result<(), Exc> {
    Err(Exc::bare(&RUNTIME_ERROR))
}

fn many() -> Result<(), Exc> {
    Err(Exc::of(&ODD_ERROR, vec![argument(1_i64), argument(Str::from("two"))]))
}

fn own() -> Result<(), Exc> {
    let raised: Result<(), Exc> = Err(Exc::new(&DEEP_ERROR, "deep"));
    if let Err(exc) = raised {
        say!("{} {} {}", show(&exc.is(&LOOKUP_ERROR)), show(&exc.is(&ATTRIBUTE_ERROR)), show(&exc.is(&VALUE_ERROR)));
        say!("{} {}", show(&exc), repr(&exc));
        return Err(Exc::new(&ODD_ERROR, "then").because(exc));
    }
    Ok(())
}

fn exits(code: impl Object + 'static) -> Result<(), Exc> {
    say!("leaving");
    Err(Exc::exit(code))
}

fn exit_bare() -> Result<(), Exc> {
    Err(Exc::bare(&SYSTEM_EXIT))
}

fn exit_none() -> Result<(), Exc> {
    exits(())
}

fn exit_three() -> Result<(), Exc> {
    exits(3_i64)
}

fn exit_large() -> Result<(), Exc> {
    exits(-1_i64)
}

fn exit_true() -> Result<(), Exc> {
    exits(true)
}

fn exit_text() -> Result<(), Exc> {
    exits(Str::from("3"))
}

fn exit_float() -> Result<(), Exc> {
    exits(2.5)
}

fn deep() -> Result<(), Exc> {
    fn fall(depth: i64) -> Result<i64, Exc> {
        let _descent = descend()?;
        Ok(fall(depth + 1)? + depth)
    }
    say!("{}", fall(0)?);
    Ok(())
}

fn asks() -> Result<(), Exc> {
    let name = input("name? ")?;
    say!("hello {}", repr(&name));
    let rest = stdin_lines();
    while let Some(line) = rest.step()? {
        say!("{}", repr(&line));
    }
    input("")?;
    Ok(())
}

fn missing_file() -> Result<(), Exc> {
    open_file("/nowhere/it's", "r")?;
    Ok(())
}

fn folder_file() -> Result<(), Exc> {
    open_file("/", "r")?;
    Ok(())
}

fn not_readable() -> Result<(), Exc> {
    let file = open_file("out.txt", "w")?;
    file.write(&Str::from("x"))?;
    file.read()?;
    Ok(())
}

fn files() -> Result<(), Exc> {
    let file = open_file("notes.txt", "w")?;
    say!("{}", file.write(&Str::from("one\ntwo é\n"))?);
    file.writelines(["three\r\n", "four"].map(Str::from))?;
    file.close()?;
    let file = open_file("notes.txt", "a")?;
    file.write(&Str::from(" and more"))?;
    file.close()?;
    let file = open_file("notes.txt", "r")?;
    let lines = file.lines()?;
    while let Some(line) = lines.step()? {
        say!("{}", repr(&line));
    }
    say!("{} {}", repr(&file.read()?), repr(&file.readline()?));
    file.seek(0, 0)?;
    say!("{} {} {}", repr(&file.read_count(5)?), repr(&file.readline()?), repr(&file.readlines()?));
    file.close()?;
    let file = open_file("notes.txt", "rb")?;
    say!("{} {}", repr(&file.readline_bytes()?), repr(&file.read_bytes()?));
    file.close()?;
    let file = open_file_with("notes.txt", "r+", "utf-8", Some(""))?;
    file.write(&Str::from("ONE"))?;
    file.close()?;
    let file = open_file_with("notes.txt", "r", "utf-8", Some(""))?;
    say!("{}", repr(&file.read()?));
    file.close()?;
    let buffer = File::of_text("");
    buffer.write(&Str::from("in memory"))?;
    say!("{} {}", repr(&buffer.getvalue()?), show(&file.is_closed()));
    file.read()?;
    Ok(())
}

fn generators() -> Result<(), Exc> {
    let counted = Iter::generate(|y: Yielder<i64>| async move {
        for number in 0..5 {
            let given = y.give(number).await;
            if let Err(exc) = given {
                say!("left by {}", repr(&exc));
                return Err(exc);
            }
        }
        Ok(())
    });
    say!("{} {}", counted.next_item()?, counted.next_item()?);
    counted.close()?;
    say!("{}", repr(&counted.list()?));
    let echo: Generator<Str, Str, i64> = Generator::new(|y: Yielder<Str, Option<Str>>| async move {
        let mut said = Str::from("start");
        let mut count = 0;
        loop {
            match y.give(said.clone()).await {
                Ok(Some(sent)) => said = sent.upper(),
                Ok(None) => return Ok(count),
                Err(exc) if exc.is(&KEY_ERROR) => said = Str::from("caught"),
                Err(exc) => return Err(exc),
            }
            count += 1;
        }
    });
    say!("{}", echo.next_item()?);
    say!("{} {}", echo.send(Str::from("a"))?, echo.throw(Exc::new(&KEY_ERROR, "k"))?);
    if let Err(exc) = echo.next_item() {
        say!("{} {}", repr(&exc), exc.argument_value::<i64>(0).unwrap_or(-1));
    }
    let unstarted: Generator<Str, Str, ()> = Generator::new(|_y| async move { Ok(()) });
    unstarted.send(Str::from("too early"))?;
    Ok(())
}

fn stop_inside() -> Result<(), Exc> {
    let inner = Iter::generate(|y: Yielder<i64>| async move {
        y.give(1).await?;
        List::<i64>::new().to_iter().next_item()?;
        Ok(())
    });
    say!("{}", repr(&inner.list()?));
    Ok(())
}

fn changes() -> Result<(), Exc> {
    let dict: Dict<i64, i64> = (0..3).map(|number| (number, number)).collect();
    for key in dict.checked(dict.keys()) {
        let key = key?;
        say!("{key}");
        dict.set_item(key + 10, 0);
    }
    Ok(())
}

fn loops() -> Result<(), Exc> {
    let xs: List<i64> = (0..6).collect();
    for x in &xs {
        if x % 2 == 0 {
            xs.remove(&x)?;
        } else if xs.len() < 9 {
            xs.append(x + 10);
        }
    }
    say!("{}", show(&xs));
    for x in xs.reversed() {
        if x == 13 {
            xs.clear();
        }
        say_raw!("{x} ");
    }
    say!("{}", show(&xs));
    let pairs = zip_each(text!("abc").to_iter(), Range::between(5, 9).to_iter());
    say!("{}", show(&pairs.next_item()?));
    say!("{} {}", show(&pairs.list()?), show(&pairs.next_or((Str::new(), -1))?));
    let numbers = enumerate_each(filter_each(|x| Ok(x % 3 == 0), Range::to(10).to_iter()), 1);
    say!("{}", show(&numbers.list()?));
    let once = list![1i64, 2].to_iter();
    say!("{} {} {}", show(&once.list()?), show(&once.list()?), any_each(once.clone())?);
    Ok(())
}

fn orders() -> Result<(), Exc> {
    let nan = f64::NAN;
    say!("{}", show(&list![1.0, nan, 3.0].less(&list![1.0, 2.0, 4.0])));
    say!("{}", show(&(1i64, text!("b")).less(&(1, text!("c")))));
    say!("{} {}", show(&min_of([3i64, 1, 2])?), show(&max_of([text!("b"), text!("é"), text!("a")])?));
    say!("{}", show(&min_or(Vec::<i64>::new(), 7)));
    let a: Set<i64> = [1, 2].into_iter().collect();
    let b: Set<i64> = [1, 2, 3].into_iter().collect();
    say!("{} {} {}", show(&a.less(&b)), show(&b.less(&a)), show(&a.is_subset(&b)));
    max_of(Vec::<i64>::new())?;
    Ok(())
}

fn nested() -> Result<(), Exc> {
    let inner = list![(1i64, text!("a")), (2, text!("b'"))];
    let dict: Dict<(i64, i64), List<(i64, Str)>> = dict! {(0, 1) => inner};
    say!("{} {}", show(&dict), show(&dict.len()));
    let many = (1.5, true, (), Some(text!("x")), None::<i64>, Bytes::from(b"z\0"), FrozenSet::from(vec![1i64]));
    say!("{}", show(&many));
    let empty = (Seq::<i64>::default(), (1i64,), Set::<i64>::new(), Dict::<i64, i64>::new(), FrozenSet::<i64>::new());
    say!("{}", show(&empty));
    say!("{} {}", show(&hash_of(&(1i64, 2i64))), show(&hash_of(&(1.0, (true, -1i64)))));
    say!("{}", show(&hash_of(&FrozenSet::from(vec![1i64, 5, -3]))));
    let (first, rest, last) = unpack_rest([1i64, 2, 3, 4], 1, 1)?;
    say!("{} {} {}", first[0], show(&rest), last[0]);
    unpack::<i64, 2>([1i64])?;
    Ok(())
}

fn handled() -> Result<(), Exc> {
    let failed = Exc::new(&VALUE_ERROR, "first");
    failed.add_note(text!("a note"));
    let second = Exc::new(&TYPE_ERROR, "second").during(&failed);
    let third = Exc::of(os_error_kind(2), vec![argument(2i64), argument(text!("No such thing"))])
        .because_none()
        .during(&second);
    say!("{} {}", repr(&third), show(&third));
    Err(Exc::new(&RUNTIME_ERROR, "").during(&second))
}

fn delegation() -> Result<(), Exc> {
    fn inner() -> Generator<i64, i64, Str> {
        Generator::new(|y: Yielder<i64, Option<i64>>| async move {
            let mut sum = 0;
            for number in 0..2 {
                sum += y.give(number).await?.unwrap_or(100);
            }
            Ok(Str::from(format!("sum {sum}")))
        })
    }
    let outer: Generator<i64, i64, ()> = Generator::new(|y: Yielder<i64, Option<i64>>| async move {
        let result = inner().run(&y).await?;
        say!("{}", show(&result));
        match inner().run(&y).await {
            Err(exc) if exc.is(&VALUE_ERROR) => say!("caught {}", repr(&exc)),
            other => drop(other?),
        }
        y.give(-1).await?;
        Ok(())
    });
    say!("{} {} {}", outer.next_item()?, outer.send(5)?, outer.next_item()?);
    say!("{}", outer.throw(Exc::new(&VALUE_ERROR, "thrown"))?);
    say!("{}", repr(&outer.iter().list()?));
    let finishing = Iter::generate(|y: Yielder<i64>| async move {
        let mut given = Ok(());
        for number in 0..3 {
            given = y.give(number).await;
            if given.is_err() {
                break;
            }
        }
        say!("finally");
        given
    });
    say!("{}", finishing.next_item()?);
    drop(finishing);
    say!("dropped");
    let unstarted = Iter::generate(|y: Yielder<i64>| async move { y.give(1).await });
    unstarted.throw(Exc::new(&KEY_ERROR, "early"))?;
    Ok(())
}

type Program = fn() -> Result<(), Exc>;

const PROGRAMS: [(&str, Program); 29] = [
    ("nothing", nothing),
    ("prints", prints),
    ("value_error", value_error),
    ("key_error", key_error),
    ("bare", bare),
    ("many", many),
    ("own", own),
    ("exit_bare", exit_bare),
    ("exit_none", exit_none),
    ("exit_three", exit_three),
    ("exit_large", exit_large),
    ("exit_true", exit_true),
    ("exit_text", exit_text),
    ("exit_float", exit_float),
    ("deep", deep),
    ("asks", asks),
    ("missing_file", missing_file),
    ("folder_file", folder_file),
    ("not_readable", not_readable),
    ("files", files),
    ("generators", generators),
    ("stop_inside", stop_inside),
    ("changes", changes),
    ("arguments", told),
    ("delegation", delegation),
    ("loops", loops),
    ("orders", orders),
    ("nested", nested),
    ("handled", handled),
];

fn told() -> Result<(), Exc> {
    say!("{}", repr(&program_arguments().slice(Some(1), None)));
    Ok(())
}

fn main() {
    let name = std::env::args().nth(1).expect("the name of a program");
    let found = PROGRAMS.into_iter().find(|(known, _)| *known == name);
    run_main(found.expect("a program of that name").1);
}
