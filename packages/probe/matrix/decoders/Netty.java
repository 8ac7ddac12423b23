// Java: decoders of Netty in a channel without a socket. `java -cp … Netty fields|varint|lines`.
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.protobuf.ProtobufVarint32FrameDecoder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;

class Netty {
  static ChannelHandler decoder(String which, int limit) {
    if (which.equals("fields")) return new LengthFieldBasedFrameDecoder(limit + 4, 0, 4, 0, 4);
    if (which.equals("lines")) return new LineBasedFrameDecoder(limit, true, true);
    return new ProtobufVarint32FrameDecoder();
  }

  public static void main(String[] arguments) throws IOException {
    var in = new BufferedReader(new InputStreamReader(System.in));
    var out = new StringBuilder();
    EmbeddedChannel channel = null;
    for (String line; (line = in.readLine()) != null; ) {
      String[] words = line.split(" ");
      try {
        if (words[0].equals("new")) channel = new EmbeddedChannel(decoder(arguments[0], Integer.parseInt(words[1])));
        if (words[0].equals("chunk")) channel.writeInbound(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(words[1])));
        if (words[0].equals("end")) channel.finish();
      } catch (Exception error) {
        take(channel, out);
        out.append("error ").append(error.getMessage()).append('\n');
      }
      take(channel, out);
      System.out.print(out.append("ok\n"));
      System.out.flush();
      out.setLength(0);
    }
  }

  static void take(EmbeddedChannel channel, StringBuilder out) {
    for (ByteBuf payload; (payload = channel.readInbound()) != null; payload.release())
      out.append("payload ").append(ByteBufUtil.hexDump(payload)).append('\n');
  }
}
