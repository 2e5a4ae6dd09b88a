enum Tree {
    Leaf,
    Node(Box<(Tree, Tree)>),
}

fn make(depth: i64) -> Tree {
    if depth == 0 {
        Tree::Leaf
    } else {
        Tree::Node(Box::new((make(depth - 1), make(depth - 1))))
    }
}

fn count(tree: &Tree) -> i64 {
    match tree {
        Tree::Leaf => 1,
        Tree::Node(both) => 1 + count(&both.0) + count(&both.1),
    }
}

fn main() {
    let mut total = 0;
    for _ in 0..10 {
        total += count(&make(14));
    }
    println!("{total}");
}
