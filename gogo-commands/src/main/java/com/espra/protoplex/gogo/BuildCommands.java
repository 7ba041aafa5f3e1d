package com.espra.protoplex.gogo;

import com.espra.protoplex.gogo.SeedCommands.BuildLine;
import java.io.IOException;
import java.util.List;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code build:} the builds that the Seed keeps. */
@Component(service = BuildCommands.class)
@GogoCommand(
        scope = "build",
        function = {"list", "show"})
public final class BuildCommands {

    private final SeedCommands seed;

    /** @param seed reaches the Seed */
    @Activate
    public BuildCommands(@Reference SeedCommands seed) {
        this.seed = seed;
    }

    /** All builds. */
    @Descriptor("the builds that the Seed keeps")
    public List<BuildLine> list() throws IOException, InterruptedException {
        return seed.builds();
    }

    /** The builds of an app. */
    @Descriptor("the builds of an app")
    public List<BuildLine> list(@Descriptor("the app") String app) throws IOException, InterruptedException {
        return seed.builds(app);
    }

    /** The manifest of a build. */
    @Descriptor("the manifest of a build: its bundles, files and configuration")
    public String show(@Descriptor("the app") String app, @Descriptor("the version") String version)
            throws IOException, InterruptedException {
        return seed.build(app, version);
    }
}
