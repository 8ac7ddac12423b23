// Frames of u32be through LengthDelimitedCodec: what comes goes back, and leaves once no frame is left.
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpListener;
use tokio_util::codec::{Framed, LengthDelimitedCodec};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    loop {
        let (socket, _) = listener.accept().await?;
        tokio::spawn(async move {
            let codec = LengthDelimitedCodec::builder().max_frame_length(1_048_576).new_codec();
            let mut messages = Framed::new(socket, codec);
            while let Some(Ok(message)) = messages.next().await {
                if messages.feed(message.freeze()).await.is_err() {
                    return;
                }
                if messages.read_buffer().is_empty() && messages.flush().await.is_err() {
                    return;
                }
            }
        });
    }
}
