import com.espra.protoplex.blob.core.hash.ResumableHash;
import com.espra.protoplex.blob.core.hash.ResumableSha256;
import com.espra.protoplex.blob.core.hash.Whirlpool;
import java.util.function.Supplier;

/** MB/s of one hash on one thread, as an upload is hashed: java -cp BLOB_CORE Hashes.java sha256|whirlpool SECONDS. */
final class Hashes {

    private static final int BUFFER = 256 * 1024;

    private Hashes() {}

    public static void main(String[] args) {
        Supplier<ResumableHash> hashes = args[0].equals("sha256") ? ResumableSha256::new : Whirlpool::new;
        double seconds = Double.parseDouble(args[1]);
        rate(hashes.get(), seconds); // The compiler has done its work when it counts.
        System.out.printf("%.0f%n", rate(hashes.get(), seconds));
    }

    private static double rate(ResumableHash hash, double seconds) {
        byte[] bytes = new byte[BUFFER];
        long begin = System.nanoTime();
        long count = 0;
        while (System.nanoTime() - begin < seconds * 1e9) {
            hash.update(bytes, 0, BUFFER);
            count += BUFFER;
        }
        hash.digest();
        return count * 1e3 / (System.nanoTime() - begin);
    }
}
