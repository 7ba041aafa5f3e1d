package com.espra.protoplex.host.node;

import com.espra.protoplex.peer.Peer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/** Who can be asked, as services of the parent's framework: each child, and the host itself. Children may come before the framework does. */
final class ControlServices {

    private final Map<String, Member> members = new HashMap<>();
    private @Nullable BundleContext context;

    private static final class Member {
        final Peer control;
        final Map<String, Object> properties;

        @Nullable
        ServiceRegistration<?> registration;

        Member(Peer control, Map<String, Object> properties) {
            this.control = control;
            this.properties = properties;
        }
    }

    /** The framework is there, and has not started its bundles. */
    synchronized void open(BundleContext framework) {
        context = framework;
        members.values().forEach(member -> register(framework, member));
    }

    /** The framework goes: whoever is known is registered again when there is another one. */
    synchronized void close() {
        context = null;
        members.values().forEach(member -> member.registration = null);
    }

    synchronized void add(String name, Map<String, Object> properties, Peer control) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put(Peer.NAME, name);
        Member member = new Member(control, all);
        members.put(name, member);
        if (context != null) {
            register(context, member);
        }
    }

    void remove(String name) {
        ServiceRegistration<?> registration;
        synchronized (this) {
            Member member = members.remove(name);
            registration = member == null ? null : member.registration;
        }
        if (registration != null) {
            unregister(registration);
        }
    }

    private static void unregister(ServiceRegistration<?> registration) {
        try {
            registration.unregister();
        } catch (IllegalStateException stopped) {
            // The framework was faster.
        }
    }

    private static void register(BundleContext framework, Member member) {
        member.registration =
                framework.registerService(Peer.class, member.control, FrameworkUtil.asDictionary(member.properties));
    }
}
