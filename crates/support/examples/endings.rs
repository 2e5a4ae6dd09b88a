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

type Program = fn() -> Result<(), Exc>;

const PROGRAMS: [(&str, Program); 24] = [
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
];

fn told() -> Result<(), Exc> {
    say!("{}", repr(&arguments().slice(Some(1), None)));
    Ok(())
}

fn main() {
    let name = std::env::args().nth(1).expect("the name of a program");
    let found = PROGRAMS.into_iter().find(|(known, _)| *known == name);
    run_main(found.expect("a program of that name").1);
}
