// The torture suite, spoken in Rust: put your decoder in the place of this one. Build it with `rustc -O --edition 2021 rust.rs`.
use std::io::{stdin, stdout, BufRead, Write};

struct Decoder {
    limit: usize,
    waiting: Vec<u8>,
}

impl Decoder {
    fn feed(&mut self, chunk: &[u8]) -> (Vec<Vec<u8>>, Result<(), String>) {
        self.waiting.extend_from_slice(chunk);
        let mut payloads = Vec::new();
        while self.waiting.len() >= 4 {
            let length = u32::from_be_bytes(self.waiting[..4].try_into().unwrap()) as usize;
            if length > self.limit {
                return (payloads, Err(format!("a payload of {length} bytes, limit {}", self.limit)));
            }
            if self.waiting.len() < 4 + length {
                break;
            }
            payloads.push(self.waiting[4..4 + length].to_vec());
            self.waiting.drain(..4 + length);
        }
        (payloads, Ok(()))
    }

    fn end(&self) -> Result<(), String> {
        if self.waiting.is_empty() { Ok(()) } else { Err(format!("{} bytes are left", self.waiting.len())) }
    }
}

// adapter
fn main() {
    let mut decoder = Decoder { limit: 0, waiting: Vec::new() };
    for line in stdin().lock().lines().map_while(Result::ok) {
        let (word, value) = line.split_once(' ').unwrap_or((&line, ""));
        let (payloads, outcome) = match word {
            "new" => { decoder = Decoder { limit: value.parse().unwrap(), waiting: Vec::new() }; (Vec::new(), Ok(())) }
            "chunk" => decoder.feed(&(0..value.len() / 2).map(|at| u8::from_str_radix(&value[2 * at..2 * at + 2], 16).unwrap()).collect::<Vec<u8>>()),
            _ => (Vec::new(), decoder.end()),
        };
        for payload in payloads { println!("payload {}", payload.iter().map(|byte| format!("{byte:02x}")).collect::<String>()); }
        if let Err(error) = outcome { println!("error {error}"); }
        println!("ok");
        stdout().flush().unwrap();
    }
}
