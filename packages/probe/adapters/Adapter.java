// The torture suite, spoken in Java: put your decoder in the place of this one. Run it with `java Adapter.java`.
import java.io.*;
import java.nio.ByteBuffer;
import java.util.*;

class Adapter {
  static class Decoder {
    final long limit;
    byte[] waiting = new byte[0];

    Decoder(long limit) {
      this.limit = limit;
    }

    List<byte[]> feed(byte[] chunk) {
      byte[] all = Arrays.copyOf(waiting, waiting.length + chunk.length);
      System.arraycopy(chunk, 0, all, waiting.length, chunk.length);
      List<byte[]> payloads = new ArrayList<>();
      int at = 0;
      while (all.length - at >= 4) {
        long length = ByteBuffer.wrap(all).getInt(at) & 0xffffffffL;
        if (length > limit) throw new IllegalStateException("a payload of " + length + " bytes, limit " + limit);
        if (all.length - at - 4 < length) break;
        payloads.add(Arrays.copyOfRange(all, at + 4, at + 4 + (int) length));
        at += 4 + (int) length;
      }
      waiting = Arrays.copyOfRange(all, at, all.length);
      return payloads;
    }

    void end() {
      if (waiting.length > 0) throw new IllegalStateException(waiting.length + " bytes are left");
    }
  }

  // adapter
  public static void main(String[] arguments) throws IOException {
    var in = new BufferedReader(new InputStreamReader(System.in));
    Decoder decoder = null;
    for (String line; (line = in.readLine()) != null; ) {
      String[] words = line.split(" ");
      try {
        if (words[0].equals("new")) decoder = new Decoder(Long.parseLong(words[1]));
        if (words[0].equals("chunk"))
          for (byte[] payload : decoder.feed(HexFormat.of().parseHex(words[1]))) System.out.println("payload " + HexFormat.of().formatHex(payload));
        if (words[0].equals("end")) decoder.end();
      } catch (Exception error) {
        System.out.println("error " + error.getMessage());
      }
      System.out.println("ok");
    }
  }
}
