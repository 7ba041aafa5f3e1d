package com.espra.protoplex.blob.s3;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;
import software.amazon.awssdk.services.s3.S3Client;

/** A server of S3 in a process of its own, and a bucket of it for each test. */
final class S3Proxy extends ExternalResource {

    private static final String KEY = "local-identity";
    private static final String SECRET = "local-credential";
    private static final Path CLASS_PATH = Path.of("../s3proxy/target/s3proxy.classpath");
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private final TemporaryFolder folder = new TemporaryFolder();
    private Process process;
    private int port;
    private int buckets;

    @Override
    protected void before() throws Throwable {
        folder.create();
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path properties = folder.newFile("s3proxy.conf").toPath();
        Files.write(
                properties,
                List.of(
                        "s3proxy.endpoint=http://127.0.0.1:" + port,
                        "s3proxy.authorization=aws-v2-or-v4",
                        "s3proxy.identity=" + KEY,
                        "s3proxy.credential=" + SECRET,
                        "jclouds.provider=filesystem-nio2",
                        "jclouds.filesystem.basedir=" + folder.newFolder("data")));
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-DLOG_LEVEL=warn",
                        "-cp",
                        Files.readString(CLASS_PATH).strip(),
                        "org.gaul.s3proxy.Main",
                        "--properties",
                        properties.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.newFile("log"))
                .start();
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new AssertionError("s3proxy does not come up: "
                        + Files.readString(folder.getRoot().toPath().resolve("log")));
            }
            Thread.onSpinWait();
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    protected void after() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        folder.delete();
    }

    S3Client client() {
        return S3Objects.client(config("none", port, SECRET));
    }

    /** Nobody listens there. */
    static S3Client nowhere() {
        return S3Objects.client(config("none", 9, SECRET));
    }

    S3Client stranger() {
        return S3Objects.client(config("none", port, "wrong"));
    }

    /** A new one, by its name. */
    String bucket(S3Client client) {
        String name = "bucket-" + ++buckets;
        client.createBucket(create -> create.bucket(name));
        return name;
    }

    private static S3BlobConfig config(String bucket, int port, String secret) {
        return new S3BlobConfig() {
            @Override
            public Class<? extends Annotation> annotationType() {
                return S3BlobConfig.class;
            }

            @Override
            public String bucket() {
                return bucket;
            }

            @Override
            public String prefix() {
                return "";
            }

            @Override
            public String region() {
                return "us-east-1";
            }

            @Override
            public String endpoint() {
                return "http://127.0.0.1:" + port;
            }

            @Override
            public boolean pathStyle() {
                return true;
            }

            @Override
            public String accessKeyId() {
                return KEY;
            }

            @Override
            public String secretAccessKey() {
                return secret;
            }

            @Override
            public int silentSeconds() {
                return 10;
            }
        };
    }
}
