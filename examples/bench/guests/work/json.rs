//! Events of a document of JSON.

use super::event::Event;

pub fn parse(text: &str) -> Vec<Event> {
    let mut events = Vec::new();
    let bytes = text.as_bytes();
    let (mut at, mut is_key) = (0, false);
    let mut inside: Vec<bool> = Vec::new();
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'{' => {
                events.push(Event::BeginObject);
                inside.push(true);
                is_key = true;
            }
            b'}' => {
                events.push(Event::EndObject);
                inside.pop();
            }
            b'[' => {
                events.push(Event::BeginList);
                inside.push(false);
                is_key = false;
            }
            b']' => {
                events.push(Event::EndList);
                inside.pop();
            }
            b':' => is_key = false,
            b',' => is_key = inside.last() == Some(&true),
            b'"' => {
                let begin = at;
                while bytes[at] != b'"' {
                    at += 1 + usize::from(bytes[at] == b'\\');
                }
                let text = text[begin..at].to_string();
                at += 1;
                events.push(if is_key { Event::Key(text) } else { Event::Text(text) });
            }
            b't' | b'f' => {
                events.push(Event::Boolean(byte == b't'));
                at += if byte == b't' { 3 } else { 4 };
            }
            b'n' => {
                events.push(Event::Null);
                at += 3;
            }
            b'-' | b'0'..=b'9' => {
                let begin = at - 1;
                while bytes.get(at).is_some_and(|byte| b"0123456789.eE+-".contains(byte)) {
                    at += 1;
                }
                events.push(Event::Number(text[begin..at].parse().unwrap_or(0.0)));
            }
            _ => {}
        }
    }
    events
}

pub fn print(events: &[Event]) -> String {
    let mut text = String::new();
    let mut separated = true;
    for event in events {
        let ends = matches!(event, Event::EndList | Event::EndObject);
        if !separated && !ends {
            text.push(',');
        }
        separated = false;
        match event {
            Event::Null => text.push_str("null"),
            Event::Boolean(true) => text.push_str("true"),
            Event::Boolean(false) => text.push_str("false"),
            Event::Number(number) => text.push_str(&number.to_string()),
            Event::Text(string) | Event::Key(string) => {
                text.push('"');
                text.push_str(string);
                text.push('"');
            }
            Event::BeginList => text.push('['),
            Event::EndList => text.push(']'),
            Event::BeginObject => text.push('{'),
            Event::EndObject => text.push('}'),
        }
        match event {
            Event::Key(_) => {
                text.push(':');
                separated = true;
            }
            Event::BeginList | Event::BeginObject => separated = true,
            _ => {}
        }
    }
    text
}
