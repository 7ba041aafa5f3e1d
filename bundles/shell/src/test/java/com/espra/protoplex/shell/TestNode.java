package com.espra.protoplex.shell;

import com.espra.protoplex.api.http.Listener;
import com.espra.protoplex.api.node.Node;
import com.espra.protoplex.files.Disk;
import com.espra.protoplex.peer.Peer;
import com.espra.protoplex.test.support.ExportedPackages;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.launch.Framework;
import org.osgi.service.condition.Condition;
import org.osgi.util.tracker.ServiceTracker;

/** A framework with the shell's bundles in it, and the node that they expect. */
final class TestNode implements AutoCloseable {

    private static final long DEADLINE_MILLIS = 20_000;

    private static final List<String> BUNDLES = List.of(
            "org.osgi.util.function",
            "org.osgi.util.promise",
            "org.osgi.service.component-",
            "org.apache.felix.scr",
            "org.apache.felix.configadmin",
            "org.apache.felix.gogo.runtime",
            "org.apache.felix.gogo.command",
            "com.espra.protoplex.commands",
            "jline-",
            "bcprov",
            "sshd-osgi");

    private static final String SYSTEM_PACKAGES = String.join(
            ",",
            ExportedPackages.of(Node.class),
            ExportedPackages.of(Disk.class),
            ExportedPackages.of(Peer.class),
            "org.osgi.service.condition;version=1.0.0",
            "org.slf4j;version=2.0.17",
            "org.slf4j.event;version=2.0.17",
            "org.slf4j.helpers;version=2.0.17",
            "org.slf4j.spi;version=2.0.17");

    private final Path folder;
    private final Framework framework;

    TestNode(Path folder, Map<String, String> configuration) throws Exception {
        this.folder = folder;
        Path cm = folder.resolve("cm");
        Path file = cm.resolve("com/espra/protoplex/shell.config");
        Files.createDirectories(file.getParent());
        StringBuilder text = new StringBuilder("service.pid=\"" + ShellConfig.PID + "\"\n");
        Map<String, String> all = new TreeMap<>(Map.of("port", "I\"0\""));
        all.putAll(configuration);
        all.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
        Files.writeString(file, text);
        framework = new FrameworkFactory()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        folder.resolve("framework").toString(),
                        Constants.FRAMEWORK_STORAGE_CLEAN,
                        Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT,
                        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                        SYSTEM_PACKAGES,
                        "felix.cm.dir",
                        cm.toString()));
        framework.start();
        context().registerService(Node.class, new FolderNode(folder), null);
        List<Bundle> bundles = new ArrayList<>();
        for (String name : BUNDLES) {
            bundles.add(install(name));
        }
        bundles.add(context()
                .installBundle(new File(System.getProperty("bundle")).toURI().toString()));
        for (Bundle bundle : bundles) {
            bundle.start();
        }
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    /** What the agent does when every unit serves again. */
    TestNode serve() {
        context()
                .registerService(
                        Condition.class,
                        Condition.INSTANCE,
                        FrameworkUtil.asDictionary(Map.of(Condition.CONDITION_ID, "protoplex.restored")));
        return this;
    }

    /** Where the shell is, once it is open. */
    URI address() throws InterruptedException {
        ServiceTracker<Listener, Listener> listeners = new ServiceTracker<>(context(), Listener.class, null);
        listeners.open();
        try {
            Listener listener = listeners.waitForService(DEADLINE_MILLIS);
            if (listener == null) {
                throw new AssertionError("the shell did not open within " + DEADLINE_MILLIS + " ms");
            }
            return listener.address();
        } finally {
            listeners.close();
        }
    }

    Path data() {
        return folder.resolve("data").resolve("shell");
    }

    private Bundle install(String name) throws Exception {
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            File file = new File(entry);
            if (file.getName().startsWith(name) && file.getName().endsWith(".jar")) {
                return context().installBundle("reference:" + file.toURI());
            }
        }
        throw new AssertionError(name + " is not on the class path of the tests");
    }

    @Override
    public void close() throws Exception {
        framework.stop();
        framework.waitForStop(TimeUnit.SECONDS.toMillis(20));
    }

    private record FolderNode(Path folder) implements Node {

        @Override
        public String name() {
            return "node-1";
        }

        @Override
        public String region() {
            return "local";
        }

        @Override
        public Set<String> roles() {
            return Set.of("app");
        }

        @Override
        public Path data(String owner) {
            try {
                return Files.createDirectories(folder.resolve("data").resolve(owner));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
