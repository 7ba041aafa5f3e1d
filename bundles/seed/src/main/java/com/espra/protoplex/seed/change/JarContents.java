package com.espra.protoplex.seed.change;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * What a bundle has that people see: the routes that its components declare, and its assets. A route that is made when the bundle runs is not
 * among them.
 *
 * @param name its symbolic name
 * @param version its version
 * @param routes the patterns and paths of its components
 * @param assets what is neither a class nor about the bundle, by name: its checksum and size
 */
record JarContents(String name, String version, Set<String> routes, Map<String, String> assets) {

    private static final String COMPONENTS = "OSGI-INF/";
    private static final Set<String> ROUTES = Set.of(
            "osgi.http.whiteboard.servlet.pattern",
            "osgi.http.whiteboard.resource.pattern",
            "osgi.http.whiteboard.filter.pattern",
            "protoplex.path");

    /** A component's description is small. */
    private static final int MOST_BYTES = 1 << 20;

    /** Reads a jar that was inspected. */
    static JarContents read(Path file) throws IOException {
        Set<String> routes = new TreeSet<>();
        Map<String, String> assets = new TreeMap<>();
        try (JarFile jar = new JarFile(file.toFile(), false)) {
            for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
                String path = entry.getName();
                if (path.startsWith(COMPONENTS) && path.endsWith(".xml") && entry.getSize() <= MOST_BYTES) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        routes.addAll(routes(in));
                    }
                } else if (isAsset(entry)) {
                    assets.put(path, Long.toHexString(entry.getCrc()) + " " + entry.getSize());
                }
            }
            Manifest manifest = jar.getManifest();
            return new JarContents(
                    value(manifest, "Bundle-SymbolicName").split(";")[0].strip(),
                    value(manifest, "Bundle-Version"),
                    routes,
                    assets);
        }
    }

    private static String value(Manifest manifest, String header) {
        String value = manifest == null ? null : manifest.getMainAttributes().getValue(header);
        return value == null ? "" : value;
    }

    private static boolean isAsset(JarEntry entry) {
        String path = entry.getName();
        boolean about = path.startsWith(COMPONENTS)
                || path.startsWith("OSGI-OPT/")
                || path.startsWith("META-INF/MANIFEST")
                || path.startsWith("META-INF/maven/");
        return !entry.isDirectory() && !path.endsWith(".class") && !about;
    }

    private static Set<String> routes(InputStream in) throws IOException {
        XMLInputFactory factory = XMLInputFactory.newFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        Set<String> routes = new TreeSet<>();
        try {
            XMLStreamReader xml = factory.createXMLStreamReader(in);
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamConstants.START_ELEMENT
                        && xml.getLocalName().equals("property")
                        && ROUTES.contains(String.valueOf(xml.getAttributeValue(null, "name")))) {
                    String value = xml.getAttributeValue(null, "value");
                    String all = value == null ? xml.getElementText() : value;
                    List.of(all.split("\\R")).stream()
                            .map(String::strip)
                            .filter(route -> !route.isEmpty())
                            .forEach(routes::add);
                }
            }
        } catch (XMLStreamException e) {
            // It may be of another kind than a component's: whoever installs it says more.
            return routes;
        }
        return routes;
    }
}
