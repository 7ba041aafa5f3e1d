package com.espra.protoplex.certificates;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Files as tools and editors leave them. */
public class PemFilesTest {

    private static final char[] PASSWORD = "changeit".toCharArray();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private String certificate = "";
    private String key = "";

    @Before
    public void make() throws IOException {
        TlsFiles made = SelfSignedCertificate.in(folder.getRoot().toPath().resolve("made"));
        certificate = Files.readString(made.certificate());
        key = Files.readString(made.key());
    }

    private Path write(String name, String text, Charset charset) throws IOException {
        return Files.write(folder.getRoot().toPath().resolve(name), text.getBytes(charset));
    }

    private static void assertUsable(TlsFiles tls) throws Exception {
        PemFiles.requireMatch(tls);
        KeyStore store = PemFiles.keyStore(tls);
        assertEquals(1, store.getCertificateChain("listener").length);
    }

    @Test
    public void aByteOrderMarkIsPassedOver() throws Exception {
        assertUsable(new TlsFiles(
                write("c.pem", "\ufeff" + certificate, StandardCharsets.UTF_8),
                write("k.pem", "\ufeff" + key, StandardCharsets.UTF_8)));
    }

    @Test
    public void attributesAroundABlockMayBeInAnyEncoding() throws Exception {
        String attributes = "Bag Attributes\n    friendlyName: M\u00fcller\nsubject=CN=M\u00fcller\n";
        assertUsable(new TlsFiles(
                write("c.pem", attributes + certificate + attributes, StandardCharsets.ISO_8859_1),
                write("k.pem", attributes + key, StandardCharsets.ISO_8859_1)));
    }

    @Test
    public void oneFileMayHaveBoth() throws Exception {
        for (String both : List.of(key + certificate, certificate + key)) {
            Path file = write("both.pem", both, StandardCharsets.US_ASCII);
            assertUsable(new TlsFiles(file, file));
        }
    }

    @Test
    public void aKeyMayBeForPssAlone() throws Exception {
        Path store = folder.getRoot().toPath().resolve("pss.p12");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "pss",
                "-dname",
                "CN=pss",
                "-keyalg",
                "RSASSA-PSS",
                "-sigalg",
                "RSASSA-PSS",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD));
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD);
        assertUsable(new TlsFiles(
                write("c.pem", pem("CERTIFICATE", keys.getCertificate("pss").getEncoded()), StandardCharsets.US_ASCII),
                write(
                        "k.pem",
                        pem("PRIVATE KEY", keys.getKey("pss", PASSWORD).getEncoded()),
                        StandardCharsets.US_ASCII)));
    }

    private static String pem(String type, byte[] content) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n";
    }

    @Test
    public void aFileThatIsNotThereIsNamed() {
        Path none = folder.getRoot().toPath().resolve("none.pem");
        IOException missing = assertThrows(IOException.class, () -> PemFiles.requireMatch(new TlsFiles(none, none)));
        assertTrue(missing.getMessage(), missing.getMessage().contains("none.pem is not there"));
    }
}
