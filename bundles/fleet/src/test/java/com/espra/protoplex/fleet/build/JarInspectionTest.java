package com.espra.protoplex.fleet.build;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class JarInspectionTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path path(String name) {
        return folder.getRoot().toPath().resolve(name);
    }

    @Test
    public void aBundleIsDescribed() throws Exception {
        Path jar = Jars.jar(
                path("a.jar"),
                Map.of("META-INF/MANIFEST.MF", Jars.manifest("com.example.hello;singleton:=true", "1.2"), "x", "y"));
        JarInspection inspection = JarInspection.inspect(jar, "a.jar");
        assertEquals("com.example.hello", inspection.symbolicName());
        assertEquals("1.2.0", inspection.version());
        assertEquals(2, inspection.entries());
    }

    /** As OSGi has it: Core 8, section 3.2.5. */
    @Test
    public void aPartOfAVersionIsAnInt() throws Exception {
        Path jar = Jars.bundle(path("largest.jar"), "x", "2147483647.2147483647.2147483647.q");
        assertEquals(
                "2147483647.2147483647.2147483647.q",
                JarInspection.inspect(jar, "largest.jar").version());
        refused(Jars.bundle(path("larger.jar"), "x", "1.2147483648"), "'1.2147483648' is not an OSGi version");
    }

    @Test
    public void whatIsNoBundleIsRefused() throws Exception {
        refused(Files.writeString(path("text.jar"), "hello"), "not a whole jar");
        refused(Jars.jar(path("plain.jar"), Map.of("a", "b")), "is not a bundle: it has no META-INF/MANIFEST.MF");
        refused(
                Jars.jar(path("library.jar"), Map.of("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\n\r\n")),
                "no Bundle-SymbolicName");
        refused(Jars.bundle(path("name.jar"), "../x", "1"), "its Bundle-SymbolicName is '../x'");
        refused(Jars.bundle(path("version.jar"), "x", "one"), "'one' is not an OSGi version");
    }

    @Test
    public void whatWouldDoHarmIsRefused() throws Exception {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("META-INF/MANIFEST.MF", Jars.manifest("x", "1.0.0"));
        for (String name : new String[] {"../../etc/passwd", "/etc/passwd", "a\\..\\b", "C:/x"}) {
            entries.put(name, "x");
            refused(Jars.jar(path("traversal.jar"), entries), "points out of the jar");
            entries.remove(name);
        }
        refused(Jars.bomb(path("bomb.jar"), 200L << 20), "zip bomb");
    }

    @Test
    public void muchThatIsSmallIsNoBomb() throws Exception {
        assertEquals(
                "bomb",
                JarInspection.inspect(Jars.bomb(path("b.jar"), 8L << 20), "b.jar")
                        .symbolicName());
    }

    @Test
    public void whatIsCutOrDamagedIsRefused() throws Exception {
        byte[] whole = Files.readAllBytes(Jars.bundle(path("whole.jar"), "x", "1.0.0"));
        for (int length = 0; length < whole.length; length += 7) {
            Path cut = Files.write(path("cut.jar"), Arrays.copyOf(whole, length));
            assertThrows("cut at " + length, BuildException.class, () -> JarInspection.inspect(cut, "cut.jar"));
        }
        whole[60] ^= 0x55;
        refused(Files.write(path("damaged.jar"), whole), "damaged");
    }

    /** JVMS, section 4.1: a version that this Java cannot read is named before anything runs. */
    @Test
    public void aClassForANewerJavaIsNamedWithWhatToDo() throws Exception {
        int here = Runtime.version().feature();
        String named = " is made for Java " + (here + 1) + ": the version of its class file 'com/example/New.class' is "
                + (here + 45) + ", and nodes run Java " + here;
        BuildException e = assertThrows(
                BuildException.class,
                () -> JarInspection.inspect(withClass("com/example/New.class", here + 45), "new.jar"));
        assertEquals("new.jar" + named, e.getMessage());
        assertTrue(e.remedy(), e.remedy().contains("javac --release " + here));

        assertTaken(withClass("com/example/Same.class", here + 44));
        assertTaken(withClass("META-INF/versions/" + (here + 1) + "/com/example/New.class", here + 45));
        assertTaken(withClass("com/example/New.data", here + 45));
        assertTaken(Jars.jar(
                path("text.jar"),
                Map.of("META-INF/MANIFEST.MF", Jars.manifest("x", "1.0.0"), "not/a.class", "a text, and no class")));
    }

    private static void assertTaken(Path jar) throws Exception {
        assertEquals("x", JarInspection.inspect(jar, "taken.jar").symbolicName());
    }

    private Path withClass(String name, int version) throws IOException {
        Path file = path("class.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
            zip.write(Jars.manifest("x", "1.0.0").getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry(name));
            zip.write(
                    ByteBuffer.allocate(100).putInt(0xCAFEBABE).putInt(version).array());
        }
        return file;
    }

    private static void refused(Path jar, String because) throws IOException {
        BuildException e = assertThrows(
                because, BuildException.class, () -> JarInspection.inspect(jar, String.valueOf(jar.getFileName())));
        assertTrue(
                "'" + e.getMessage() + "' does not say: " + because,
                e.getMessage().contains(because));
    }
}
