// Rust: codecs of tokio-util, without a socket. `torture-tokio length|lines`.
use bytes::BytesMut;
use std::io::{stdin, stdout, BufRead, Write};
use tokio_util::codec::{Decoder, LengthDelimitedCodec, LinesCodec};

type Outcome = (Vec<Vec<u8>>, Result<(), String>);

enum Codec {
    Length(LengthDelimitedCodec),
    Lines(LinesCodec),
}

impl Codec {
    fn new(which: &str, limit: usize) -> Codec {
        match which {
            "length" => Codec::Length(LengthDelimitedCodec::builder().max_frame_length(limit).new_codec()),
            _ => Codec::Lines(LinesCodec::new_with_max_length(limit)),
        }
    }

    fn next(&mut self, bytes: &mut BytesMut, is_end: bool) -> Result<Option<Vec<u8>>, String> {
        match self {
            Codec::Length(codec) => {
                let found = if is_end { codec.decode_eof(bytes) } else { codec.decode(bytes) };
                found.map(|frame| frame.map(|bytes| bytes.to_vec())).map_err(|error| error.to_string())
            }
            Codec::Lines(codec) => {
                let found = if is_end { codec.decode_eof(bytes) } else { codec.decode(bytes) };
                found.map(|line| line.map(String::into_bytes)).map_err(|error| error.to_string())
            }
        }
    }

    fn all(&mut self, bytes: &mut BytesMut, is_end: bool) -> Outcome {
        let mut payloads = Vec::new();
        loop {
            match self.next(bytes, is_end) {
                Ok(Some(payload)) => payloads.push(payload),
                Ok(None) => return (payloads, Ok(())),
                Err(error) => return (payloads, Err(error)),
            }
        }
    }
}

fn from_hex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap()).collect()
}

fn main() {
    let which = std::env::args().nth(1).unwrap();
    let (mut codec, mut bytes) = (Codec::new(&which, 0), BytesMut::new());
    for line in stdin().lock().lines().map_while(Result::ok) {
        let (word, value) = line.split_once(' ').unwrap_or((&line, ""));
        let (payloads, outcome) = match word {
            "new" => {
                (codec, bytes) = (Codec::new(&which, value.parse().unwrap()), BytesMut::new());
                (Vec::new(), Ok(()))
            }
            "chunk" => {
                bytes.extend_from_slice(&from_hex(value));
                codec.all(&mut bytes, false)
            }
            _ => codec.all(&mut bytes, true),
        };
        for payload in payloads {
            println!("payload {}", payload.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
        }
        if let Err(error) = outcome {
            println!("error {}", error.replace('\n', " "));
        }
        println!("ok");
        stdout().flush().unwrap();
    }
}
