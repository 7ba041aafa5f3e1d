package com.espra.protoplex.swap.preflight;

import com.espra.protoplex.api.swap.Release.BundleFile;
import com.espra.protoplex.swap.engine.Refused;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import org.apache.felix.utils.resource.ResourceBuilder;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.osgi.resource.Resource;

/**
 * A jar of a release: what its manifest says, and what of its content matters to a swap.
 *
 * @param file its name, for people
 * @param path where it is
 * @param symbolicName its symbolic name
 * @param version its version
 * @param headers its manifest's main attributes
 * @param resource its capabilities and requirements
 * @param packages the packages that it has classes in
 * @param components the text of its component descriptions, all together
 */
public record Archive(
        String file,
        Path path,
        String symbolicName,
        Version version,
        Map<String, String> headers,
        Resource resource,
        Set<String> packages,
        String components) {

    private static final long MAX_BYTES = 1L << 30;
    private static final int MAX_ENTRIES = 200_000;

    /** Reads all of a jar, so that a damaged one is found before anything is installed. */
    public static Archive read(BundleFile bundle) throws Refused {
        try (JarFile jar = new JarFile(bundle.file().toFile(), false)) {
            Map<String, String> headers = headers(jar, bundle.name());
            String name = headers.getOrDefault(Constants.BUNDLE_SYMBOLICNAME, "")
                    .split(";")[0]
                    .trim();
            if (name.isEmpty()) {
                throw new Refused(
                        bundle.name() + " is not an OSGi bundle: its manifest has no " + Constants.BUNDLE_SYMBOLICNAME
                                + ". Build it with the bnd-maven-plugin (see './protoplex new'), or wrap it");
            }
            Content content = new Content();
            content.readAll(jar, bundle.name());
            return new Archive(
                    bundle.name(),
                    bundle.file(),
                    name,
                    version(headers, bundle.name()),
                    headers,
                    ResourceBuilder.build(bundle.name(), headers),
                    Set.copyOf(content.packages),
                    content.components.toString());
        } catch (IOException e) {
            throw new Refused(
                    bundle.name() + " is not a jar, or it is damaged (" + e.getMessage()
                            + "). Build it again and push it anew",
                    e);
        } catch (BundleException | IllegalArgumentException e) {
            throw new Refused(bundle.name() + ": its manifest is not valid: " + e.getMessage(), e);
        }
    }

    /** Whether it is a fragment. */
    public boolean isFragment() {
        return headers.containsKey(Constants.FRAGMENT_HOST);
    }

    /** Symbolic name and version. */
    public String label() {
        return symbolicName + " " + version;
    }

    private static Map<String, String> headers(JarFile jar, String file) throws IOException, Refused {
        Manifest manifest = jar.getManifest();
        if (manifest == null) {
            throw new Refused(
                    file + " is not an OSGi bundle: it has no META-INF/MANIFEST.MF. Build it with the bnd-maven-plugin"
                            + " (see './protoplex new')");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (Map.Entry<Object, Object> attribute : manifest.getMainAttributes().entrySet()) {
            headers.put(
                    ((Attributes.Name) attribute.getKey()).toString(),
                    attribute.getValue().toString());
        }
        return headers;
    }

    private static Version version(Map<String, String> headers, String file) throws Refused {
        String text = headers.getOrDefault(Constants.BUNDLE_VERSION, "0.0.0");
        try {
            return Version.parseVersion(text);
        } catch (IllegalArgumentException e) {
            throw new Refused(
                    file + ": " + Constants.BUNDLE_VERSION + " '" + text
                            + "' is no OSGi version: use three numbers and a qualifier, such as 1.0.1.beta",
                    e);
        }
    }

    private static final class Content {
        private final Set<String> packages = new LinkedHashSet<>();
        private final StringBuilder components = new StringBuilder();
        private final byte[] buffer = new byte[1 << 16];
        private long bytes;
        private int entries;

        void readAll(JarFile jar, String file) throws IOException, Refused {
            for (Enumeration<JarEntry> all = jar.entries(); all.hasMoreElements(); ) {
                JarEntry entry = all.nextElement();
                if (++entries > MAX_ENTRIES) {
                    throw new Refused(file + " has more than " + MAX_ENTRIES + " entries: it is refused as it is");
                }
                read(jar, entry, file);
                int slash = entry.getName().lastIndexOf('/');
                if (entry.getName().endsWith(".class") && slash > 0) {
                    packages.add(entry.getName().substring(0, slash).replace('/', '.'));
                }
            }
        }

        private void read(JarFile jar, ZipEntry entry, String file) throws IOException, Refused {
            boolean description =
                    entry.getName().startsWith("OSGI-INF/") && entry.getName().endsWith(".xml");
            CRC32 crc = new CRC32();
            try (InputStream in = jar.getInputStream(entry)) {
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    crc.update(buffer, 0, read);
                    bytes += read;
                    if (bytes > MAX_BYTES) {
                        throw new Refused(
                                file + " unpacks to more than " + (MAX_BYTES >> 20) + " MB: it is refused as it is");
                    }
                    if (description) {
                        components.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
                    }
                }
            }
            if (entry.getCrc() >= 0 && entry.getCrc() != crc.getValue()) {
                throw new IOException("the checksum of " + entry.getName() + " is wrong");
            }
        }
    }
}
