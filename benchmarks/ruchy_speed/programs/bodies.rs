#[derive(Clone)]
struct Body {
    x: f64,
    y: f64,
    vx: f64,
    vy: f64,
    mass: f64,
}

fn energy(bodies: &[Body]) -> f64 {
    let mut sum = 0.0;
    for b in bodies {
        sum += 0.5 * b.mass * (b.vx * b.vx + b.vy * b.vy);
    }
    sum
}

fn steps(bodies: &mut [Body], n: i64, dt: f64) {
    for _ in 0..n {
        for i in 0..bodies.len() {
            let (mut ax, mut ay) = (0.0, 0.0);
            for j in 0..bodies.len() {
                if i != j {
                    let dx = bodies[j].x - bodies[i].x;
                    let dy = bodies[j].y - bodies[i].y;
                    let d = dx * dx + dy * dy + 0.01;
                    let f = bodies[j].mass / (d * d.sqrt());
                    ax += dx * f;
                    ay += dy * f;
                }
            }
            bodies[i].vx += ax * dt;
            bodies[i].vy += ay * dt;
        }
        for b in bodies.iter_mut() {
            b.x += b.vx * dt;
            b.y += b.vy * dt;
        }
    }
}

fn body(x: f64, y: f64, vx: f64, vy: f64, mass: f64) -> Body {
    Body { x, y, vx, vy, mass }
}

fn main() {
    let mut bodies = vec![
        body(0.0, 0.0, 0.0, 0.0, 10.0),
        body(5.0, 0.0, 0.0, 1.0, 1.0),
        body(0.0, 7.0, 1.0, 0.0, 0.5),
        body(9.0, 9.0, 0.0, 0.5, 0.1),
    ];
    steps(&mut bodies, 20000, 0.001);
    println!("{:?}", energy(&bodies));
}
