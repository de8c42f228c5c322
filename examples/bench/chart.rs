//! Charts, as SVG: bars side by side, and lines over a logarithmic axis.
//!
//! They are read on light and on dark pages, so nothing but the series has a colour of its own.

use std::fmt::Write;

const COLOURS: [&str; 6] = ["#8a8f98", "#2f6fde", "#5fa8f5", "#9cc9ff", "#27a06b", "#d08a1d"];
const WIDTH: f64 = 760.0;

/// Groups of bars: how long each is, as a share of the first of its group.
pub fn bars(title: &str, series: &[&str], groups: &[(String, Vec<f64>)]) -> String {
    const BAR: f64 = 13.0;
    const GAP: f64 = 16.0;
    const LEFT: f64 = 150.0;
    const TOP: f64 = 56.0;
    let group = BAR * series.len() as f64 + GAP;
    let height = TOP + group * groups.len() as f64;
    let mut svg = begin(title, height, series);
    // Shares of more than half as much again are cut, and say so.
    const MOST: f64 = 1.5;
    let scale = (WIDTH - LEFT - 60.0) / MOST;
    for (row, (name, values)) in groups.iter().enumerate() {
        let top = TOP + group * row as f64;
        let middle = top + BAR * series.len() as f64 / 2.0 + 4.0;
        text(&mut svg, LEFT - 8.0, middle, "end", name);
        for (i, value) in values.iter().enumerate() {
            let y = top + BAR * i as f64;
            let share = value / values[0];
            let length = share.min(MOST) * scale;
            let _ = writeln!(
                svg,
                r#"<rect x="{LEFT}" y="{y:.1}" width="{length:.1}" height="{:.1}" fill="{}"/>"#,
                BAR - 2.0,
                COLOURS[i % COLOURS.len()]
            );
            text(&mut svg, LEFT + length + 4.0, y + 9.5, "start", &format!("{share:.2}"));
        }
    }
    svg + "</svg>\n"
}

/// Lines: at each place of the axis, the value of each series.
pub fn lines(title: &str, series: &[&str], axis: &[u32], values: &[Vec<f64>]) -> String {
    const HEIGHT: f64 = 300.0;
    const LEFT: f64 = 50.0;
    const TOP: f64 = 56.0;
    const BOTTOM: f64 = HEIGHT - 30.0;
    let mut svg = begin(title, HEIGHT, series);
    let most = values.iter().flatten().copied().fold(1.0, f64::max);
    let x = |at: usize| LEFT + (WIDTH - LEFT - 30.0) * at as f64 / (axis.len().max(2) - 1) as f64;
    let y = |value: f64| BOTTOM - (BOTTOM - TOP) * value / most;
    for mark in [0.0, 0.25, 0.5, 0.75, 1.0] {
        let (at, right) = (y(mark * most), WIDTH - 30.0);
        let _ =
            writeln!(svg, r##"<path d="M{LEFT} {at:.1}H{right}" stroke="#8886" fill="none"/>"##);
        text(&mut svg, LEFT - 6.0, at + 4.0, "end", &format!("{:.2}", mark * most));
    }
    for (at, number) in axis.iter().enumerate() {
        text(&mut svg, x(at), HEIGHT - 12.0, "middle", &shortened(*number));
    }
    for (i, values) in values.iter().enumerate() {
        let points: Vec<_> = values
            .iter()
            .enumerate()
            .map(|(at, it)| format!("{:.1},{:.1}", x(at), y(*it)))
            .collect();
        let _ = writeln!(
            svg,
            r#"<polyline points="{}" fill="none" stroke="{}" stroke-width="2"/>"#,
            points.join(" "),
            COLOURS[i % COLOURS.len()]
        );
    }
    svg + "</svg>\n"
}

fn shortened(number: u32) -> String {
    if number >= 1024 { format!("{}K", number / 1024) } else { number.to_string() }
}

/// The head of a chart: its title, and which colour is what.
fn begin(title: &str, height: f64, series: &[&str]) -> String {
    let mut svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="12" fill="#808488">
<title>{title}</title>
"##
    );
    text(&mut svg, 10.0, 18.0, "start", title);
    let mut x = 10.0;
    for (i, name) in series.iter().enumerate() {
        let colour = COLOURS[i % COLOURS.len()];
        let _ = writeln!(svg, r#"<rect x="{x}" y="30" width="10" height="10" fill="{colour}"/>"#);
        text(&mut svg, x + 15.0, 39.0, "start", name);
        x += 40.0 + 7.0 * name.len() as f64;
    }
    svg
}

fn text(svg: &mut String, x: f64, y: f64, anchor: &str, text: &str) {
    let _ = writeln!(svg, r#"<text x="{x:.1}" y="{y:.1}" text-anchor="{anchor}">{text}</text>"#);
}
