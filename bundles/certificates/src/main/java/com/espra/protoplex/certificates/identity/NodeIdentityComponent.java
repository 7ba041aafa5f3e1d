package com.espra.protoplex.certificates.identity;

import com.espra.protoplex.certificates.TlsFiles;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The identity of this node, in each of its processes. */
@Component(service = FleetIdentity.class, configurationPid = NodeIdentityComponent.PID)
public final class NodeIdentityComponent implements FleetIdentity {

    /** The section {@code seed} of node.json. */
    static final String PID = "com.espra.protoplex.agent";

    private static final String MISSING =
            "this node has no certificate of a fleet: a node gets one by ./protoplex join, and"
                    + " one beside the Seed by ./protoplex up --address HOST";

    private final FleetIdentity identity;

    /** Where its files are. */
    @interface Config {

        /** PEM file of the certificate of a node that has joined; empty: in the folder of the node's data, if it has one. */
        String certificate() default "";

        /** PEM file of its key. */
        String key() default "";

        /** PEM file of the certificate of what vouches for the fleet. */
        String authority() default "";
    }

    @Activate
    public NodeIdentityComponent(BundleContext context, Config config) {
        Path folder = Path.of(String.valueOf(context.getProperty("protoplex.data")))
                .resolve("data")
                .resolve(IdentityFiles.FOLDER);
        IdentityFiles own = IdentityFiles.in(folder);
        identity = new FileIdentity(
                config.certificate().isEmpty()
                        ? own
                        : new IdentityFiles(
                                new TlsFiles(Path.of(config.certificate()), Path.of(config.key())),
                                Path.of(config.authority()),
                                own.revoked()),
                MISSING,
                InstantSource.system());
    }

    @Override
    public Optional<NodeIdentity> now() {
        return identity.now();
    }

    @Override
    public String trouble() {
        return identity.trouble();
    }
}
