package com.espra.protoplex.fleet.build;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * What a look into a jar tells, without trusting a number that it says about itself.
 *
 * @param symbolicName its Bundle-SymbolicName, without directives
 * @param version its Bundle-Version; {@code 0.0.0} when it has none
 * @param fragment whether it is a fragment, which is never started by itself
 * @param entries how many entries it has
 * @param inflatedBytes how large it is when inflated
 */
public record JarInspection(String symbolicName, String version, boolean fragment, int entries, long inflatedBytes) {

    /** The most entries that a bundle may have. */
    public static final int MAX_ENTRIES = 65_536;

    /** The most bytes that a bundle may inflate to. */
    public static final long MAX_INFLATED_BYTES = 1L << 30;

    /** How many times its own size a bundle may inflate to; counts above {@link #RATIO_FREE_BYTES} only. */
    public static final int MAX_RATIO = 100;

    /** What any bundle may inflate to. */
    public static final long RATIO_FREE_BYTES = 16L << 20;

    /** How a class file begins (JVMS, section 4.1): the magic number, and the version's minor and major part. */
    private static final int CLASS_HEAD_BYTES = 8;

    private static final int CLASS_MAGIC = 0xCAFEBABE;
    private static final int CLASS_VERSION_OF_JAVA_0 = 44;

    private static final Pattern SYMBOLIC_NAME = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");
    private static final int MAX_MANIFEST_BYTES = 1024 * 1024;
    private static final int BUFFER_BYTES = 64 * 1024;

    /**
     * Looks into a jar: inflates and checks every entry.
     *
     * @param file the jar
     * @param name what to call it in messages
     * @throws BuildException if it is damaged, not a bundle, or would do harm
     * @throws IOException if it cannot be read
     */
    public static JarInspection inspect(Path file, String name) throws IOException, BuildException {
        long size = Files.size(file);
        try (ZipFile zip = new ZipFile(file.toFile())) {
            if (zip.size() > MAX_ENTRIES) {
                throw new BuildException(
                        name + " has " + zip.size() + " entries; " + MAX_ENTRIES + " are allowed", "split it");
            }
            long inflated = inflateAll(zip, name, size);
            return bundle(zip, name, inflated);
        } catch (ZipException e) {
            throw new BuildException(
                    name + " is not a whole jar: " + e.getMessage(),
                    "build it again, and look whether a copy was cut off",
                    e);
        }
    }

    /** What the app of this bundle is called: the last part of its symbolic name, in the letters that a unit may have. */
    public String unit() {
        return unit(symbolicName);
    }

    /** What the app of a bundle of this name is called. */
    public static String unit(String symbolicName) {
        String last = symbolicName.substring(symbolicName.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return last.replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
    }

    private static long inflateAll(ZipFile zip, String name, long size) throws IOException, BuildException {
        long limit = Math.min(MAX_INFLATED_BYTES, Math.max(RATIO_FREE_BYTES, size * MAX_RATIO));
        Set<String> seen = new HashSet<>();
        long inflated = 0;
        Enumeration<? extends ZipEntry> entries = zip.entries();
        while (entries.hasMoreElements()) {
            ZipEntry entry = entries.nextElement();
            if (unsafe(entry.getName())) {
                throw new BuildException(
                        name + ": the entry '" + shown(entry.getName()) + "' points out of the jar",
                        "build the jar again");
            }
            if (!seen.add(entry.getName())) {
                throw new BuildException(
                        name + ": the entry '" + shown(entry.getName()) + "' is there twice", "build the jar again");
            }
            inflated += inflate(zip, entry, name, size, limit - inflated);
        }
        return inflated;
    }

    private static long inflate(ZipFile zip, ZipEntry entry, String name, long size, long left)
            throws IOException, BuildException {
        CRC32 crc = new CRC32();
        byte[] buffer = new byte[BUFFER_BYTES];
        long total = 0;
        try (InputStream in = zip.getInputStream(entry)) {
            int head = in.readNBytes(buffer, 0, CLASS_HEAD_BYTES);
            total = head;
            crc.update(buffer, 0, head);
            if (head == CLASS_HEAD_BYTES && isClass(entry.getName())) {
                requireReadable(ByteBuffer.wrap(buffer), entry, name);
            }
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                total += count;
                if (total > left) {
                    throw new BuildException(
                            name + " inflates beyond all measure (a zip bomb?): it has " + size + " bytes, and "
                                    + MAX_RATIO + " times that, or " + MAX_INFLATED_BYTES + " bytes, are allowed",
                            "leave out '" + shown(entry.getName()) + "', or split the bundle");
                }
                crc.update(buffer, 0, count);
            }
        } catch (ZipException | java.io.EOFException e) {
            throw damaged(name, entry, e);
        }
        if (entry.getCrc() >= 0 && entry.getCrc() != crc.getValue()) {
            throw damaged(name, entry, null);
        }
        return total;
    }

    /** Classes below META-INF are for those Java versions that look there. */
    private static boolean isClass(String entry) {
        return entry.endsWith(".class") && !entry.startsWith("META-INF/");
    }

    private static void requireReadable(ByteBuffer head, ZipEntry entry, String name) throws BuildException {
        int java = head.getShort(6) - CLASS_VERSION_OF_JAVA_0;
        int here = Runtime.version().feature();
        if (head.getInt(0) == CLASS_MAGIC && java > here) {
            throw new BuildException(
                    name + " is made for Java " + java + ": the version of its class file '" + shown(entry.getName())
                            + "' is " + (java + CLASS_VERSION_OF_JAVA_0) + ", and nodes run Java " + here,
                    "compile it for Java " + here + " (javac --release " + here + ")");
        }
    }

    private static JarInspection bundle(ZipFile zip, String name, long inflated) throws IOException, BuildException {
        ZipEntry entry = zip.getEntry(JarFile.MANIFEST_NAME);
        if (entry == null) {
            throw notBundle(name, "it has no " + JarFile.MANIFEST_NAME);
        }
        Attributes main = manifest(zip, entry, name).getMainAttributes();
        String symbolicName =
                header(main, "Bundle-SymbolicName").split(";", 2)[0].strip();
        if (symbolicName.isEmpty()) {
            throw notBundle(name, "its manifest has no Bundle-SymbolicName");
        }
        if (!header(main, "Bundle-ManifestVersion").equals("2")) {
            throw notBundle(name, "its manifest has no 'Bundle-ManifestVersion: 2'");
        }
        if (!SYMBOLIC_NAME.matcher(symbolicName).matches()) {
            throw notBundle(name, "its Bundle-SymbolicName is '" + shown(symbolicName) + "'");
        }
        String version = header(main, "Bundle-Version");
        return new JarInspection(
                symbolicName,
                version.isEmpty() ? "0.0.0" : canonical(version, name),
                !header(main, "Fragment-Host").isEmpty(),
                zip.size(),
                inflated);
    }

    private static Manifest manifest(ZipFile zip, ZipEntry entry, String name) throws IOException, BuildException {
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] bytes = in.readNBytes(MAX_MANIFEST_BYTES + 1);
            if (bytes.length > MAX_MANIFEST_BYTES) {
                throw notBundle(name, "its manifest has more than " + MAX_MANIFEST_BYTES + " bytes");
            }
            return new Manifest(new java.io.ByteArrayInputStream(bytes));
        } catch (ZipException e) {
            throw damaged(name, entry, e);
        } catch (IOException e) {
            throw new BuildException(
                    name + ": its manifest is not well-formed: " + e.getMessage(), "build the jar with bnd", e);
        }
    }

    /** An OSGi version with all of its three numbers. */
    private static String canonical(String version, String name) throws BuildException {
        String[] parts = version.strip().split("\\.", 4);
        String full = parts[0] + "." + (parts.length > 1 ? parts[1] : "0") + "." + (parts.length > 2 ? parts[2] : "0")
                + (parts.length > 3 ? "." + parts[3] : "");
        if (!BuildRules.isVersion(full)) {
            throw new BuildException(
                    name + ": its Bundle-Version '" + shown(version) + "' is not an OSGi version",
                    "use major.minor.micro and perhaps a qualifier, such as 1.0.1 or 1.0.1.beta-2");
        }
        return full;
    }

    private static boolean unsafe(String entry) {
        String path = "/" + entry.replace('\\', '/') + "/";
        return path.contains("/../")
                || path.startsWith("//")
                || path.indexOf('\0') >= 0
                || entry.matches("(?s)[A-Za-z]:.*");
    }

    private static String header(Attributes main, String name) {
        String value = main.getValue(name);
        return value == null ? "" : value.strip();
    }

    private static String shown(String text) {
        String clean = text.replaceAll("\\p{Cntrl}", "?");
        return clean.length() <= 80 ? clean : clean.substring(0, 80) + "...";
    }

    private static BuildException notBundle(String name, String why) {
        return new BuildException(
                name + " is not a bundle: " + why,
                "build it with the bnd-maven-plugin (./protoplex new NAME makes a project that does)");
    }

    private static BuildException damaged(String name, ZipEntry entry, @Nullable Exception cause) {
        String what =
                name + " is damaged: the entry '" + shown(entry.getName()) + "' cannot be inflated to what was packed";
        String remedy = "build it again, and look whether a copy was cut off";
        return cause == null ? new BuildException(what, remedy) : new BuildException(what, remedy, cause);
    }
}
