package com.espra.protoplex.app;

import com.espra.protoplex.api.http.Backend;
import com.espra.protoplex.api.node.Node;
import com.espra.protoplex.api.swap.Generation;
import com.espra.protoplex.api.swap.GenerationAdapter;
import com.espra.protoplex.app.session.SessionLimits;
import com.espra.protoplex.app.session.Sessions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The App role: connects each generation to the public listeners. */
@Component(configurationPid = "com.espra.protoplex.app")
@Designate(ocd = AppAdapter.Configuration.class)
public final class AppAdapter implements GenerationAdapter {

    /** What may be set. */
    @ObjectClassDefinition(name = "App role")
    @interface Configuration {
        @AttributeDefinition(description = "How many HTTP sessions a unit may have")
        int sessions() default 50_000;

        @AttributeDefinition(description = "How many bytes one HTTP session may have, serialised")
        int sessionBytes() default 1 << 20;

        @AttributeDefinition(description = "How many bytes the HTTP sessions of a unit may have together, serialised")
        long unitBytes() default 256L << 20;

        @AttributeDefinition(description = "How long an HTTP session may go unused, unless the app says otherwise")
        int sessionMinutes() default 30;

        @AttributeDefinition(
                description = "In a process without a listener of HTTP: those of the node's other processes")
        String[] elsewhere() default {};

        @AttributeDefinition(description = "Which processes those are: each that serves, or the one")
        String elsewhereProcess() default "";
    }

    private static final Logger LOG = LoggerFactory.getLogger(AppAdapter.class);

    private final Sessions sessions;
    private final SessionLimits limits;
    private volatile Unreached unreached;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable ServiceComponentRuntime components;

    /** Called by the component runtime. */
    @Activate
    public AppAdapter(@Reference Node node, Configuration configuration) {
        limits = limits(configuration);
        unreached = unreached(configuration);
        sessions = new Sessions(node.data("app"), limits);
    }

    private static SessionLimits limits(Configuration configuration) {
        return new SessionLimits(
                configuration.sessions(),
                configuration.sessionBytes(),
                configuration.unitBytes(),
                Duration.ofMinutes(configuration.sessionMinutes()));
    }

    private static Unreached unreached(Configuration configuration) {
        return new Unreached(
                List.of(configuration.elsewhere()),
                configuration.elsewhereProcess().equals("one"));
    }

    /** A new instance beside the old one's generations would store one unit's sessions twice. */
    @Modified
    void modified(Configuration configuration) {
        unreached = unreached(configuration);
        if (!limits.equals(limits(configuration))) {
            LOG.info("the limits of HTTP sessions were changed: they hold from the next start of the node on");
        }
    }

    @Override
    public Binding bind(Generation generation, Backend backend) throws Exception {
        return new AppBinding(generation, backend, sessions, unreached, () -> Optional.ofNullable(components));
    }
}
