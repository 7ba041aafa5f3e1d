package com.espra.protoplex.node;

import com.espra.protoplex.api.node.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** This node, as its configuration describes it. */
@Component
public final class ConfiguredNode implements Node {

    private final String name;
    private final String region;
    private final Set<String> roles;
    private final Path data;

    @Activate
    public ConfiguredNode(BundleContext context) {
        this(EffectiveConfiguration.of(context), folder(context));
    }

    ConfiguredNode(EffectiveConfiguration configuration, Path folder) {
        this.name = configuration.name();
        this.region = configuration.region();
        this.roles = Set.copyOf(configuration.roles());
        this.data = folder.resolve("data");
    }

    private static Path folder(BundleContext context) {
        String folder = context.getProperty(EffectiveConfiguration.DATA);
        if (folder == null) {
            throw new IllegalStateException("the framework property " + EffectiveConfiguration.DATA
                    + " is missing: start the node with its launcher, which sets it");
        }
        return Path.of(folder);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String region() {
        return region;
    }

    @Override
    public Set<String> roles() {
        return roles;
    }

    @Override
    public Path data(String owner) {
        if (!owner.matches("[a-z0-9-]+")) {
            throw new IllegalArgumentException("owner '" + owner + "': use lower-case letters, digits and hyphens");
        }
        try {
            return Files.createDirectories(data.resolve(owner), ownersAlone());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the folder " + data.resolve(owner), e);
        }
    }

    /** What units keep is for this node's user, wherever the node's folder is and whatever the umask says. */
    private FileAttribute<?>[] ownersAlone() {
        return data.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }
}
