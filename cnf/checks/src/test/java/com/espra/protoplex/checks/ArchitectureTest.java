package com.espra.protoplex.checks;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.BeforeClass;
import org.junit.Test;

/** Who may import whom: the arrows of docs/ARCHITECTURE.md, and a few rules that hold everywhere. */
public class ArchitectureTest {

    private static final String ROOT = "com.espra.protoplex.";

    /** Module to the modules that it may know. What is not listed here does not exist. */
    private static final Map<String, Set<String>> ARROWS = Map.ofEntries(
            Map.entry("api", Set.of()),
            Map.entry("files", Set.of()),
            Map.entry("json", Set.of()),
            Map.entry("peer", Set.of()),
            Map.entry("proxyprotocol", Set.of()),
            Map.entry("routing", Set.of("api")),
            Map.entry("certificates", Set.of("files")),
            Map.entry("fleet", Set.of("certificates", "files", "json")),
            Map.entry("host", Set.of("files", "json", "peer")),
            Map.entry("http", Set.of("api", "certificates", "proxyprotocol", "routing")),
            Map.entry("stream", Set.of("api", "certificates", "proxyprotocol")),
            Map.entry("swap", Set.of("api")),
            Map.entry("node", Set.of("api", "json")),
            Map.entry("control", Set.of("api", "peer")),
            Map.entry("child", Set.of("api", "control", "peer")),
            Map.entry("parent", Set.of("api", "control", "peer")),
            Map.entry("agent", Set.of("api", "certificates", "files", "json", "peer", "fleet")),
            Map.entry("app", Set.of("api")),
            Map.entry("seed", Set.of("api", "certificates", "files", "json", "fleet")),
            Map.entry("meta", Set.of("api", "json", "peer")),
            Map.entry("calls", Set.of("api", "certificates", "peer")),
            Map.entry("relay", Set.of("api", "certificates", "http", "peer", "proxyprotocol")),
            Map.entry("commands", Set.of("peer")),
            Map.entry("shell", Set.of("api", "commands", "files")),
            Map.entry("gogo", Set.of("api", "json", "peer", "fleet")),
            Map.entry("cli", Set.of("certificates", "files", "json", "fleet")),
            Map.entry("datastore.engine", Set.of("files")),
            Map.entry("datastore.model", Set.of("datastore.engine")),
            Map.entry("datastore.server", Set.of("api", "files", "datastore.engine", "datastore.model")),
            Map.entry("datastore.testing", Set.of("api", "datastore.model", "datastore.server")),
            Map.entry("datastore.client", Set.of("api")),
            Map.entry("datastore.remote", Set.of("api")),
            Map.entry("proxy.server", Set.of("api", "files", "routing")),
            Map.entry("live.core", Set.of()),
            Map.entry("live.link", Set.of("api", "json")),
            Map.entry("live.server", Set.of("api", "files", "json", "live.core")),
            Map.entry("live.mercure", Set.of("api", "live.core")),
            Map.entry("blob.core", Set.of("api")),
            Map.entry("blob.contract", Set.of("api")),
            Map.entry("blob.file", Set.of("api", "files", "blob.core")),
            Map.entry("blob.s3", Set.of("api")),
            Map.entry("files.answers", Set.of("api")),
            Map.entry("files.appfiles", Set.of("api", "files.answers")),
            Map.entry("files.s3files", Set.of("api", "files", "blob.core", "files.answers")),
            Map.entry("files.upload", Set.of("api", "files", "blob.core")),
            Map.entry("files.vhostfiles", Set.of("api", "files.answers")));

    /** Classes of ours that stand in for a library's: docs/decisions/0023-servlet-whiteboard.md. */
    private static final String STAND_INS = "org.apache.felix.http.base.internal.";

    /** Where handlers get their threads: those of requests, of streams, of calls between roles, of what is decided later, and of files that come. */
    private static final Set<String> HANDLER_THREADS = Set.of(
            ROOT + "http.listen.GroupThreads",
            ROOT + "stream.connection.StreamThreads",
            ROOT + "calls.local.HandlerThreads",
            ROOT + "proxy.server.DecisionThreads",
            ROOT + "files.s3files.cache.FetchThreads",
            ROOT + "files.upload.spool.UploadEnd",
            ROOT + "files.vhostfiles.known.LookupThreads");

    /** Files are replaced by {@code Disk}. These need not outlive a loss of power, and do not wait for the disk. */
    private static final Set<String> MOVES_ATOMICALLY = Set.of(
            ROOT + "files.Disk",
            // Sessions: many small files, of which each is written all the time.
            ROOT + "app.session.TwoPlaceFile",
            // What is left of a process that has ended, moved as it lies there.
            ROOT + "host.process.crash.CrashReports",
            // A cache, which is fetched again.
            ROOT + "files.s3files.cache.CacheFolder");

    private static final Pattern BUNDLE =
            Pattern.compile("/bundles/(?:roles/)?([a-z]+(?:/[a-z0-9]+)?)/target/classes/");

    private static JavaClasses classes;

    @BeforeClass
    public static void read() throws Exception {
        List<Path> folders = new ArrayList<>();
        try (Stream<Path> modules = Files.list(Repository.ROOT.resolve("bundles"))) {
            modules.map(module -> module.resolve("target/classes"))
                    .filter(Files::isDirectory)
                    .forEach(folders::add);
        }
        try (Stream<Path> roles = Files.walk(Repository.ROOT.resolve("bundles/roles"), 2)) {
            roles.map(module -> module.resolve("target/classes"))
                    .filter(Files::isDirectory)
                    .forEach(folders::add);
        }
        try (Stream<Path> stores = Files.list(Repository.ROOT.resolve("bundles/blob"))) {
            stores.map(module -> module.resolve("target/classes"))
                    .filter(Files::isDirectory)
                    .forEach(folders::add);
        }
        folders.add(Repository.ROOT.resolve("gogo-commands/target/classes"));
        classes = new ClassFileImporter().importPaths(folders);
    }

    @Test
    public void everyModuleIsThere() {
        Set<String> found = new TreeSet<>();
        classes.stream()
                .filter(type -> !type.getPackageName().startsWith(STAND_INS))
                .forEach(type -> found.add(module(type)));

        assertTrue("modules without an arrow: " + found, ARROWS.keySet().containsAll(found));
        assertTrue("compiled modules: " + found, found.containsAll(ARROWS.keySet()));
    }

    @Test
    public void arrowsPointOneWay() {
        List<String> wrong = new ArrayList<>();
        for (JavaClass type : classes) {
            Set<String> allowed = ARROWS.getOrDefault(module(type), Set.of());
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                String target = module(dependency.getTargetClass());
                if (!target.isEmpty() && !target.equals(module(type)) && !allowed.contains(target)) {
                    wrong.add(dependency.getDescription());
                }
            }
        }
        assertTrue(String.join("\n", wrong), wrong.isEmpty());
    }

    @Test
    public void theApiHoldsInterfacesRecordsAndConstants() {
        List<String> wrong = new ArrayList<>();
        for (JavaClass type : classes) {
            boolean data = type.isInterface() || type.isRecord() || type.isEnum() || isConstants(type);
            boolean error = type.isAssignableTo(Exception.class);
            if (module(type).equals("api") && !data && !error) {
                wrong.add(type.getName());
            }
        }
        assertTrue("neither interface, record, constants nor exception: " + wrong, wrong.isEmpty());
    }

    @Test
    public void namesSayWhatAThingIs() {
        List<String> wrong = classes.stream()
                .map(JavaClass::getSimpleName)
                .filter(name -> name.matches(".*(Manager|Helper|Utils?)"))
                .toList();
        assertTrue("names that say nothing: " + wrong, wrong.isEmpty());
    }

    /** One word for one thing: a reader who meets a name knows which class it is. */
    @Test
    public void noNameStandsForTwoClasses() {
        Map<String, Set<String>> byName = new TreeMap<>();
        classes.stream()
                .filter(type -> type.getEnclosingClass().isEmpty()
                        && !type.getPackageName().startsWith(STAND_INS)
                        && !type.getSimpleName().equals("package-info"))
                .forEach(type -> byName.computeIfAbsent(type.getSimpleName(), _ -> new TreeSet<>())
                        .add(type.getName()));
        List<Set<String>> twice =
                byName.values().stream().filter(names -> names.size() > 1).toList();
        assertTrue("one name for several classes: " + twice, twice.isEmpty());
    }

    /** docs/decisions/0034-virtual-threads-are-for-requests.md */
    @Test
    public void virtualThreadsAreForRequests() {
        List<String> wrong = new ArrayList<>();
        for (JavaClass type : classes) {
            if (module(type).equals("cli") || HANDLER_THREADS.contains(type.getName())) {
                continue;
            }
            Stream.concat(type.getMethodCallsFromSelf().stream(), type.getMethodReferencesFromSelf().stream())
                    .filter(access -> access.getTarget()
                            .getName()
                            .toLowerCase(Locale.ROOT)
                            .contains("virtual"))
                    .filter(access -> access.getTargetOwner().getPackageName().startsWith("java."))
                    .forEach(access -> wrong.add(access.getDescription()));
        }
        assertTrue(String.join("\n", wrong), wrong.isEmpty());
    }

    /** One class knows how a file is replaced. */
    @Test
    public void filesAreReplacedInOnePlace() {
        Set<String> movers = new TreeSet<>();
        for (JavaClass type : classes) {
            type.getFieldAccessesFromSelf().stream()
                    .filter(access -> access.getTarget().getName().equals("ATOMIC_MOVE"))
                    .forEach(access -> movers.add(type.getName()));
        }
        assertEquals(new TreeSet<>(MOVES_ATOMICALLY), movers);
    }

    private static boolean isConstants(JavaClass type) {
        return type.getFields().stream()
                        .allMatch(field ->
                                field.getModifiers().contains(com.tngtech.archunit.core.domain.JavaModifier.STATIC))
                && type.getMethods().isEmpty();
    }

    /** By where its source is: a class that stands in for one of a library belongs to the bundle that it is in. */
    private static String module(JavaClass type) {
        String file = type.getSource().map(source -> source.getUri().getPath()).orElse("");
        Matcher bundle = BUNDLE.matcher(file);
        if (bundle.find()) {
            return bundle.group(1).replace('/', '.');
        }
        return file.contains("/gogo-commands/target/classes/") ? "gogo" : "";
    }
}
