package com.espra.protoplex.certificates;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Processes that share a data folder show one certificate, though all want it made at the same time. */
public class SelfSignedCertificateTest {

    private static final int PROCESSES = 2;
    private static final int THREADS = 4;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    /** Another process: says the serial number of the certificate that it would show. */
    public static void main(String[] arguments) throws IOException {
        System.out.println(serial(Path.of(arguments[0])));
    }

    private static String serial(Path home) throws IOException {
        TlsFiles tls = SelfSignedCertificate.in(home);
        PemFiles.keyStore(tls);
        return ((X509Certificate) PemFiles.chain(tls.certificate())[0])
                .getSerialNumber()
                .toString();
    }

    private static String ofAnotherProcess(Path home) {
        try {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            SelfSignedCertificateTest.class.getName(),
                            home.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return new String(process.getInputStream().readAllBytes()).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    public void processesThatStartAtOnceShowOneCertificate() throws Exception {
        Path home = folder.getRoot().toPath().resolve("http");
        List<Callable<String>> all = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            all.add(() -> ofAnotherProcess(home));
        }
        for (int i = 0; i < THREADS; i++) {
            all.add(() -> serial(home));
        }
        Set<String> serials = new HashSet<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(all.size())) {
            for (Future<String> serial : threads.invokeAll(all)) {
                serials.add(serial.get());
            }
        }

        assertEquals(Set.of(serial(home)), serials);
        try (var files = Files.list(home)) {
            assertTrue(files.noneMatch(file -> file.toString().endsWith(".pem")));
        }
    }
}
