package com.espra.protoplex.fleet.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * The descriptions of configurations in a bundle (OSGi Compendium 8.1, section 105.8): {@code OSGI-INF/metatype/*.xml}. A file that is none,
 * or of another author's making in a way that this does not know, describes nothing; it is no reason to refuse the bundle.
 */
final class MetatypeReader {

    private static final String FOLDER = "OSGI-INF/metatype/";
    private static final int MAX_FILES = 256;
    private static final int MAX_FILE_BYTES = 1 << 20;
    private static final int MAX_KEYS = 1000;
    private static final Set<String> TYPES =
            Set.of("String", "Long", "Double", "Float", "Integer", "Byte", "Character", "Boolean", "Short");

    private final Map<String, List<Attribute>> classes = new HashMap<>();
    private final List<Designate> designates = new ArrayList<>();

    private MetatypeReader() {}

    private record Attribute(
            String name, String type, boolean secret, List<String> options, String min, String max, String standard) {}

    private record Designate(String pid, boolean factory, String reference) {}

    /**
     * A property that a bundle describes.
     *
     * @param pid the PID, or the factory PID, of its configuration
     * @param factory which of the two it is
     */
    record Described(String pid, boolean factory, UnitKey known) {

        /** The key in a configuration. */
        UnitKey key(String in) {
            return new UnitKey(
                    in,
                    known.name(),
                    known.type(),
                    known.secret(),
                    known.options(),
                    known.min(),
                    known.max(),
                    known.standard());
        }
    }

    static List<Described> read(Path jar) throws IOException {
        List<Described> described = new ArrayList<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            int files = 0;
            Enumeration<? extends ZipEntry> entries = zip.entries();
            while (entries.hasMoreElements() && files < MAX_FILES) {
                ZipEntry entry = entries.nextElement();
                if (entry.getName().startsWith(FOLDER) && entry.getName().endsWith(".xml")) {
                    files++;
                    described.addAll(read(zip, entry));
                }
            }
        }
        return described.subList(0, Math.min(MAX_KEYS, described.size()));
    }

    private static List<Described> read(ZipFile zip, ZipEntry entry) throws IOException {
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] bytes = in.readNBytes(MAX_FILE_BYTES + 1);
            if (bytes.length > MAX_FILE_BYTES) {
                return List.of();
            }
            MetatypeReader reader = new MetatypeReader();
            reader.parse(bytes);
            return reader.described();
        } catch (XMLStreamException e) {
            return List.of();
        }
    }

    private void parse(byte[] bytes) throws XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        // Nothing outside the file is read, and nothing in it can grow: the author is known, but a slip must not hurt
        // either.
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        XMLStreamReader xml = factory.createXMLStreamReader(new ByteArrayInputStream(bytes));
        String ocd = "";
        Designate open = null;
        while (xml.hasNext()) {
            if (xml.next() != XMLStreamConstants.START_ELEMENT) {
                continue;
            }
            switch (xml.getLocalName()) {
                case "OCD" -> ocd = attribute(xml, "id");
                case "AD" ->
                    classes.computeIfAbsent(ocd, id -> new ArrayList<>()).add(attribute(xml));
                case "Option" -> option(classes.get(ocd), attribute(xml, "value"));
                case "Designate" -> open = designate(xml);
                case "Object" -> {
                    if (open != null) {
                        designates.add(new Designate(open.pid(), open.factory(), attribute(xml, "ocdref")));
                    }
                }
                default -> {
                    // Icons and what others add.
                }
            }
        }
    }

    private static Attribute attribute(XMLStreamReader xml) {
        String type = attribute(xml, "type");
        boolean secret = type.equals("Password");
        String scalar = TYPES.contains(type) ? type : "String";
        String count = attribute(xml, "cardinality");
        String whole = count.isEmpty() || count.equals("0")
                ? scalar
                : count.startsWith("-") ? "Collection<" + scalar + ">" : scalar + "[]";
        return new Attribute(
                attribute(xml, "id"),
                whole,
                secret,
                List.of(),
                attribute(xml, "min"),
                attribute(xml, "max"),
                secret ? "" : attribute(xml, "default"));
    }

    private static void option(@Nullable List<Attribute> attributes, String value) {
        if (attributes != null && !attributes.isEmpty()) {
            Attribute last = attributes.removeLast();
            List<String> options = new ArrayList<>(last.options());
            options.add(value);
            attributes.add(new Attribute(
                    last.name(), last.type(), last.secret(), options, last.min(), last.max(), last.standard()));
        }
    }

    private static Designate designate(XMLStreamReader xml) {
        String factory = attribute(xml, "factoryPid");
        return factory.isEmpty() ? new Designate(attribute(xml, "pid"), false, "") : new Designate(factory, true, "");
    }

    private static String attribute(XMLStreamReader xml, String name) {
        String value = xml.getAttributeValue(null, name);
        return value == null ? "" : value;
    }

    private List<Described> described() {
        List<Described> described = new ArrayList<>();
        for (Designate each : designates) {
            for (Attribute attribute : classes.getOrDefault(each.reference(), List.of())) {
                UnitKey key = new UnitKey(
                        each.pid(),
                        attribute.name(),
                        attribute.type(),
                        attribute.secret(),
                        attribute.options(),
                        attribute.min(),
                        attribute.max(),
                        attribute.standard());
                if (!each.pid().isEmpty() && !attribute.name().isEmpty()) {
                    described.add(new Described(each.pid(), each.factory(), key));
                }
            }
        }
        return described;
    }
}
