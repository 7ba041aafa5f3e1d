package com.espra.protoplex.swap.isolation;

import java.util.Collection;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.hooks.resolver.ResolverHook;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.namespace.BundleNamespace;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

/** No wire leads from one generation to another, nor from the platform to any. */
public final class ResolverIsolation implements ResolverHookFactory, ResolverHook {

    @Override
    public ResolverHook begin(Collection<BundleRevision> triggers) {
        return this;
    }

    @Override
    public void filterMatches(BundleRequirement requirement, Collection<BundleCapability> candidates) {
        Optional<GenerationKey> key = key(requirement.getRevision());
        if (key.isEmpty()) {
            candidates.removeIf(candidate -> key(candidate.getRevision()).isPresent());
            return;
        }
        GenerationKey own = key.get();
        candidates.removeIf(candidate -> excludes(own, candidate.getRevision()));
        switch (requirement.getNamespace()) {
            // A fragment of a generation would become part of a bundle of the platform.
            case HostNamespace.HOST_NAMESPACE -> candidates.removeIf(candidate -> !owns(own, candidate));
            case PackageNamespace.PACKAGE_NAMESPACE -> choosePackage(own, candidates);
            case BundleNamespace.BUNDLE_NAMESPACE -> preferOwn(own, candidates);
            default -> {
                // Capabilities of other kinds do not exclude each other.
            }
        }
    }

    private static void choosePackage(GenerationKey own, Collection<BundleCapability> candidates) {
        boolean shared = candidates.stream()
                .map(candidate -> candidate.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE))
                .anyMatch(name -> name != null && SharedPackages.contains(name.toString()));
        if (!shared) {
            preferOwn(own, candidates);
        } else if (candidates.stream().anyMatch(candidate -> !owns(own, candidate))) {
            candidates.removeIf(candidate -> owns(own, candidate));
        }
    }

    private static void preferOwn(GenerationKey own, Collection<BundleCapability> candidates) {
        if (candidates.stream().anyMatch(candidate -> owns(own, candidate))) {
            candidates.removeIf(candidate -> !owns(own, candidate));
        }
    }

    @Override
    public void filterSingletonCollisions(BundleCapability singleton, Collection<BundleCapability> collisions) {
        Optional<GenerationKey> key = key(singleton.getRevision());
        collisions.removeIf(collision -> !key(collision.getRevision()).equals(key));
    }

    @Override
    public void filterResolvable(Collection<BundleRevision> candidates) {
        // Every bundle may be resolved; only its wires are chosen.
    }

    @Override
    public void end() {
        // There is no state between the calls.
    }

    private static Optional<GenerationKey> key(BundleRevision revision) {
        Bundle bundle = revision.getBundle();
        return bundle == null ? Optional.empty() : GenerationKey.of(bundle);
    }

    private static boolean owns(GenerationKey own, BundleCapability candidate) {
        Bundle bundle = candidate.getRevision().getBundle();
        return bundle != null && own.owns(bundle);
    }

    private static boolean excludes(GenerationKey own, BundleRevision revision) {
        Bundle bundle = revision.getBundle();
        return bundle != null && own.excludes(bundle);
    }
}
