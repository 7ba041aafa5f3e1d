package com.espra.protoplex.swap.framework;

import com.espra.protoplex.swap.isolation.GenerationKey;
import com.espra.protoplex.swap.preflight.Archive;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configurations of one generation. Each is for one bundle at one location (OSGi Compendium, 104.3.2 Targeted PIDs; 104.4.1
 * Location Binding), so those of two generations are different ones, whatever names and versions their bundles have.
 */
final class TargetedConfigurations {

    private static final Logger LOG = LoggerFactory.getLogger(TargetedConfigurations.class);

    private static final String ANY_LOCATION = "?";

    private final ConfigurationAdmin admin;
    private final GenerationKey key;
    private final List<String> unwanted = new CopyOnWriteArrayList<>();

    TargetedConfigurations(ConfigurationAdmin admin, GenerationKey key) {
        this.admin = admin;
        this.key = key;
    }

    /** Writes them, before any bundle starts. */
    void create(Map<String, Map<String, Object>> configurations, List<Archive> archives) throws IOException {
        for (Map.Entry<String, Map<String, Object>> configuration : configurations.entrySet()) {
            String pid = configuration.getKey();
            int tilde = pid.indexOf('~');
            String target = tilde < 0 ? pid : pid.substring(0, tilde);
            if (archives.stream().noneMatch(archive -> wants(archive, target))) {
                unwanted.add(pid);
            }
            for (Archive archive : users(target, archives)) {
                Configuration made =
                        tilde < 0 ? single(target, archive) : one(target, pid.substring(tilde + 1), archive);
                made.update(FrameworkUtil.asDictionary(configuration.getValue()));
            }
        }
    }

    private Configuration single(String pid, Archive archive) throws IOException {
        String location = key.location(archive.symbolicName(), archive.path());
        String targeted = pid + "|" + archive.symbolicName() + "|" + archive.version() + "|" + location;
        return admin.getConfiguration(targeted, ANY_LOCATION);
    }

    /**
     * Felix SCR 2.2.18 tells the instances of a targeted factory PID apart by the part before the first bar, which is the same in
     * all, and keeps one of them. So these are bound to the location instead, which has the same effect.
     */
    private Configuration one(String factory, String name, Archive archive) throws IOException {
        String location = key.location(archive.symbolicName(), archive.path());
        return admin.getFactoryConfiguration(factory, unique(location, name), location);
    }

    /** The name of an instance that no other generation has. */
    static String unique(String location, String name) {
        return (location + "-" + name).replace(':', '-');
    }

    /** The bundles whose component descriptions mention the PID; all, if none does: it may be used in code. */
    private static List<Archive> users(String pid, List<Archive> archives) {
        List<Archive> users =
                archives.stream().filter(archive -> wants(archive, pid)).toList();
        return users.isEmpty()
                ? archives.stream().filter(archive -> !archive.isFragment()).toList()
                : users;
    }

    private static boolean wants(Archive archive, String pid) {
        return archive.components().contains("\"" + pid + "\"");
    }

    /** Names configurations that no component description mentions, which may be a slip of the pen; empty if there are none. */
    String unwanted() {
        return unwanted.isEmpty() ? "" : "no component wants the configuration " + String.join(", ", unwanted);
    }

    /** Deletes what was written, and what the generation has made for itself. */
    void delete() {
        try {
            for (Configuration configuration : GenerationConfigurations.of(key, admin, null)) {
                delete(configuration);
            }
        } catch (IOException | InvalidSyntaxException | IllegalStateException e) {
            LOG.warn("the configurations of {} could not be deleted: {}", key.prefix(), e.toString());
        }
    }

    private void delete(Configuration configuration) {
        try {
            configuration.delete();
        } catch (IOException | IllegalStateException e) {
            LOG.warn("a configuration of {} could not be deleted: {}", key.prefix(), e.toString());
        }
    }
}
