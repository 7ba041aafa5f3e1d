package com.espra.protoplex.swap.preflight;

import com.espra.protoplex.api.swap.Release;
import com.espra.protoplex.api.swap.Release.BundleFile;
import com.espra.protoplex.swap.engine.Refused;
import com.espra.protoplex.swap.isolation.GenerationKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.felix.utils.resource.CapabilitySet;
import org.apache.felix.utils.resource.RequirementImpl;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.resource.Capability;
import org.osgi.resource.Namespace;
import org.osgi.resource.Requirement;

/**
 * Looks up every mandatory requirement of a release among what the platform and the release itself have, as the resolver will,
 * and names all that is missing at once.
 */
public final class Preflight {

    private static final Set<String> DYNAMIC =
            Set.of(PackageNamespace.RESOLUTION_DYNAMIC, Namespace.RESOLUTION_OPTIONAL);

    private final BundleContext context;

    /** Against the platform that this context sees. */
    public Preflight(BundleContext context) {
        this.context = context;
    }

    /**
     * Reads the release and looks its requirements up.
     *
     * @return its jars, in their order
     * @throws Refused with all that is missing
     */
    public List<Archive> check(Release release) throws Refused {
        List<Archive> archives = new ArrayList<>();
        if (release.bundles().isEmpty()) {
            throw new Refused("the release has no bundle: push at least one");
        }
        for (BundleFile bundle : release.bundles()) {
            archives.add(Archive.read(bundle));
        }
        refuseDoubles(archives);
        refuseExtensions(archives);
        Offer offer = new Offer(platform(), archives);
        List<String> missing = new ArrayList<>();
        for (Archive archive : archives) {
            for (Requirement requirement : archive.resource().getRequirements(null)) {
                if (mandatory(requirement) && !offer.satisfies(requirement)) {
                    missing.add(archive.label() + " needs " + new Missing(requirement, offer.all()).describe());
                }
            }
        }
        if (!missing.isEmpty()) {
            throw new Refused(String.join("; ", missing));
        }
        return List.copyOf(archives);
    }

    private static void refuseDoubles(List<Archive> archives) throws Refused {
        Map<String, Archive> byName = new HashMap<>();
        for (Archive archive : archives) {
            Archive other = byName.put(archive.symbolicName(), archive);
            if (other != null) {
                throw new Refused(
                        other.file() + " and " + archive.file() + " are both the bundle " + archive.symbolicName()
                                + " (" + other.version() + " and " + archive.version() + "). Push one of them");
            }
        }
    }

    private static void refuseExtensions(List<Archive> archives) throws Refused {
        for (Archive archive : archives) {
            String host = archive.headers()
                    .getOrDefault(Constants.FRAGMENT_HOST, "")
                    .split(";")[0]
                    .trim();
            if (host.equals(Constants.SYSTEM_BUNDLE_SYMBOLICNAME) || host.equals("org.apache.felix.framework")) {
                throw new Refused(archive.file()
                        + " is an extension of the framework itself, which cannot be swapped. Leave it out,"
                        + " or make it a part of the node's distribution");
            }
        }
    }

    private static boolean mandatory(Requirement requirement) {
        String resolution = requirement.getDirectives().get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE);
        String effective = requirement.getDirectives().get(Namespace.REQUIREMENT_EFFECTIVE_DIRECTIVE);
        return (resolution == null || !DYNAMIC.contains(resolution))
                && (effective == null || effective.equals(Namespace.EFFECTIVE_RESOLVE));
    }

    private List<Capability> platform() {
        List<Capability> all = new ArrayList<>();
        Arrays.stream(context.getBundles())
                .filter(bundle -> GenerationKey.of(bundle).isEmpty())
                .filter(bundle -> (bundle.getState() & (Bundle.RESOLVED | Bundle.STARTING | Bundle.ACTIVE)) != 0)
                .map(bundle -> Optional.ofNullable(bundle.adapt(BundleWiring.class)))
                .flatMap(Optional::stream)
                .forEach(wiring -> all.addAll(wiring.getCapabilities(null)));
        return all;
    }

    /** What there is, by namespace. */
    private static final class Offer {
        private final Map<String, List<Capability>> platform = new HashMap<>();
        private final Map<String, List<Capability>> own = new HashMap<>();
        private final List<Capability> all = new ArrayList<>();

        Offer(List<Capability> platformCapabilities, List<Archive> archives) {
            platformCapabilities.forEach(capability -> add(platform, capability));
            archives.forEach(
                    archive -> archive.resource().getCapabilities(null).forEach(capability -> add(own, capability)));
        }

        private void add(Map<String, List<Capability>> to, Capability capability) {
            to.computeIfAbsent(capability.getNamespace(), namespace -> new ArrayList<>())
                    .add(capability);
            all.add(capability);
        }

        List<Capability> all() {
            return all;
        }

        boolean satisfies(Requirement requirement) {
            String namespace = requirement.getNamespace();
            if (matches(own.getOrDefault(namespace, List.of()), requirement)) {
                return true;
            }
            // A fragment of a generation must not become part of a bundle of the platform.
            return !namespace.equals(HostNamespace.HOST_NAMESPACE)
                    && matches(platform.getOrDefault(namespace, List.of()), requirement);
        }

        private static boolean matches(List<Capability> capabilities, Requirement requirement) {
            return capabilities.stream()
                    .anyMatch(capability -> CapabilitySet.matches(capability, RequirementImpl.getFilter(requirement)));
        }
    }
}
