import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;

/**
 * Makes versions 1.0.0 to 1.0.N of an app that counts in RocksDB, whose folder one generation has open, and takes it over. Arguments: the folder
 * for the features and their jars, N, the jar of RocksDB, the jars to compile against.
 */
final class Ledgers {

    /** Opens with the condition that its generation is live, and serves when it is open. Its classes and RocksDB's are loaded before. */
    private static final String STORE = """
            package ledger;

            import com.espra.protoplex.api.node.Node;
            import java.nio.charset.StandardCharsets;
            import java.nio.file.Path;
            import org.osgi.service.condition.Condition;
            import org.rocksdb.*;

            public class Store {
                private static final byte[] COUNT = {'n'};

                static {
                    RocksDB.loadLibrary();
                }

                Node node;
                Condition live;
                private Options options;
                private WriteOptions now;
                private RocksDB database;
                private long count;

                void open() throws RocksDBException {
                    Path folder = node.data("ledger");
                    options = new Options().setCreateIfMissing(true);
                    now = new WriteOptions();
                    database = RocksDB.open(options, folder.toString());
                    byte[] known = database.get(COUNT);
                    count = known == null ? 0 : Long.parseLong(new String(known, StandardCharsets.US_ASCII));
                }

                synchronized long next() throws RocksDBException {
                    count++;
                    database.put(now, COUNT, Long.toString(count).getBytes(StandardCharsets.US_ASCII));
                    return count;
                }

                void close() {
                    database.close();
                    now.close();
                    options.close();
                }
            }
            """;

    private static final String SERVLET = """
            package ledger;

            import jakarta.servlet.http.*;
            import java.io.IOException;

            public class Count extends HttpServlet {
                Store store;

                @Override
                protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                    try {
                        response.getWriter().print(store.next());
                    } catch (org.rocksdb.RocksDBException e) {
                        throw new IOException(e);
                    }
                }
            }
            """;

    /** Has the classes of RocksDB loaded when its bundle starts, with their native code. */
    private static final String START = """
            package ledger;

            public class Start {
                void activate() throws ClassNotFoundException {
                    Class.forName("ledger.Store");
                }
            }
            """;

    private static final String COMPONENT = """
            <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="%s" activate="%s" deactivate="close"%s>
              <implementation class="%s"/>
              %s
            </scr:component>
            """;

    private static final String FEATURE = """
            {
              "feature-resource-version": "1.0",
              "id": "bench:ledger:%1$s",
              "bundles": [{"id": "bench:rocksdb:1.0.0"}, {"id": "bench:ledger:%1$s"}],
              "extensions": {"protoplex.unit": {"type": "json", "kind": "mandatory", "json": {"kind": "app", "takeOver": true}}}
            }
            """;

    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        Path rocks = wrapped(Path.of(arguments[2]), folder.resolve("rocksdb-1.0.0.jar"));
        Path classes = compile(folder, rocks + ":" + arguments[3]);
        for (int i = 0; i <= Integer.parseInt(arguments[1]); i++) {
            String version = "1.0." + i;
            write(folder.resolve("ledger-" + version + ".jar"), version, classes);
            Files.writeString(folder.resolve("ledger-" + version + ".json"), FEATURE.formatted(version));
        }
    }

    /** RocksDB's jar is no bundle: with this manifest it is one, whose native code the framework takes care of. */
    private static Path wrapped(Path jar, Path bundle) throws IOException {
        Manifest manifest = manifest("rocksdb", "1.0.0");
        Attributes attributes = manifest.getMainAttributes();
        attributes.putValue("Export-Package", "org.rocksdb,org.rocksdb.util");
        attributes.putValue("Bundle-NativeCode", "librocksdbjni-linux64.so;osname=Linux;processor=x86-64");
        try (JarFile in = new JarFile(jar.toFile());
                JarOutputStream out = new JarOutputStream(Files.newOutputStream(bundle), manifest)) {
            for (Enumeration<JarEntry> all = in.entries(); all.hasMoreElements(); ) {
                JarEntry entry = all.nextElement();
                if (!entry.isDirectory() && !entry.getName().startsWith("META-INF/")) {
                    out.putNextEntry(new JarEntry(entry.getName()));
                    try (InputStream content = in.getInputStream(entry)) {
                        content.transferTo(out);
                    }
                }
            }
        }
        return bundle;
    }

    private static Path compile(Path folder, String classPath) throws IOException {
        Path sources = Files.createDirectories(folder.resolve("src/ledger"));
        Map<String, String> texts = Map.of("Store", STORE, "Count", SERVLET, "Start", START);
        for (Map.Entry<String, String> text : texts.entrySet()) {
            Files.writeString(sources.resolve(text.getKey() + ".java"), text.getValue());
        }
        Path classes = Files.createDirectories(folder.resolve("classes"));
        List<String> options = texts.keySet().stream()
                .map(name -> sources.resolve(name + ".java").toString())
                .collect(Collectors.toList());
        options.addAll(0, List.of("-cp", classPath, "-d", classes.toString()));
        if (ToolProvider.getSystemJavaCompiler().run(null, null, null, options.toArray(String[]::new)) != 0) {
            throw new IOException("the app does not compile");
        }
        return classes;
    }

    private static Manifest manifest(String name, String version) {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Bundle-ManifestVersion", "2");
        attributes.putValue("Bundle-SymbolicName", name);
        attributes.putValue("Bundle-Version", version);
        return manifest;
    }

    private static void write(Path jar, String version, Path classes) throws IOException {
        Manifest manifest = manifest("ledger", version);
        Attributes attributes = manifest.getMainAttributes();
        attributes.putValue(
                "Import-Package",
                "com.espra.protoplex.api.node,jakarta.servlet,jakarta.servlet.http,org.osgi.service.condition,org.rocksdb");
        attributes.putValue("Service-Component", "OSGI-INF/start.xml,OSGI-INF/store.xml,OSGI-INF/count.xml");
        Map<String, byte[]> entries = new TreeMap<>();
        for (String name : List.of("Store", "Count", "Start")) {
            entries.put("ledger/" + name + ".class", Files.readAllBytes(classes.resolve("ledger/" + name + ".class")));
        }
        entries.put(
                "OSGI-INF/start.xml",
                component("start", "activate", " immediate=\"true\"", "ledger.Start", "")
                        .replace(" deactivate=\"close\"", "")
                        .getBytes(StandardCharsets.UTF_8));
        entries.put(
                "OSGI-INF/store.xml",
                component("store", "open", "", "ledger.Store", """
                <service><provide interface="ledger.Store"/></service>
                <reference name="node" interface="com.espra.protoplex.api.node.Node" field="node"/>
                <reference name="live" interface="org.osgi.service.condition.Condition" target="(osgi.condition.id=protoplex.live)" field="live"/>
                """).getBytes(StandardCharsets.UTF_8));
        entries.put(
                "OSGI-INF/count.xml",
                component("count", "x", "", "ledger.Count", """
                <property name="osgi.http.whiteboard.servlet.pattern" type="String" value="/ledger/*"/>
                <service><provide interface="jakarta.servlet.Servlet"/></service>
                <reference name="store" interface="ledger.Store" field="store"/>
                """)
                        .replace(" activate=\"x\" deactivate=\"close\"", "")
                        .getBytes(StandardCharsets.UTF_8));
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream zip = new JarOutputStream(out, manifest)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new JarEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
    }

    private static String component(String name, String open, String more, String type, String content) {
        return COMPONENT.formatted(name, open, more, type, content);
    }
}
