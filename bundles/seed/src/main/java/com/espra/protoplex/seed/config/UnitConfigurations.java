package com.espra.protoplex.seed.config;

import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.BuildException;
import com.espra.protoplex.fleet.build.ReleaseId;
import com.espra.protoplex.fleet.config.UnitKey;
import com.espra.protoplex.fleet.config.UnitKeys;
import com.espra.protoplex.fleet.config.UnitSeal;
import com.espra.protoplex.fleet.config.UnitValues;
import com.espra.protoplex.seed.core.Fleet;
import com.espra.protoplex.seed.state.Catalog;
import com.espra.protoplex.seed.state.DesiredBuild;
import com.espra.protoplex.seed.state.FleetException;
import com.espra.protoplex.seed.state.FleetException.Kind;
import com.espra.protoplex.seed.state.FleetKey;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The values of units: checked against the keys of the build that serves, and kept as documents. Nothing here moves a node: a document is
 * named by a release, and a deployment moves to that.
 *
 * <p>Threads: safe from any; bundles are read, so not that of the fleet.
 */
public final class UnitConfigurations {

    private final Fleet fleet;
    private final Catalog catalog;
    private final FleetKey key;

    public UnitConfigurations(Fleet fleet, Catalog catalog, FleetKey key) {
        this.fleet = fleet;
        this.catalog = catalog;
        this.key = key;
    }

    /**
     * What is to become of some keys, as somebody typed them.
     *
     * @param set values
     * @param secrets secrets
     * @param unset neither
     */
    public record Change(Map<String, String> set, Map<String, String> secrets, List<String> unset) {

        /** Keeps copies. */
        public Change {
            set = Map.copyOf(set);
            secrets = Map.copyOf(secrets);
            unset = List.copyOf(unset);
        }

        /** Says nothing of what is in it. */
        @Override
        public String toString() {
            return "a change of " + (set.size() + secrets.size() + unset.size()) + " keys";
        }
    }

    /**
     * What a change leads from and to.
     *
     * @param from what serves, or was refused if nothing ever has
     * @param values the sha256 of the values that are to configure it; empty for none
     */
    public record Prepared(DesiredBuild from, String values) {}

    /**
     * A key of a unit, and what is set.
     *
     * @param key the key
     * @param name what to call it
     * @param value what is set at the Seed, for people; empty if nothing is, or a secret
     * @param set whether something is set at the Seed
     * @param secret whether that is a secret
     */
    public record Line(UnitKey key, String name, String value, boolean set, boolean secret) {}

    /** Checks a change, and keeps the document that it leads to. */
    public Prepared prepare(String app, Change change) throws FleetException, BuildException, IOException {
        DesiredBuild from = serving(app);
        UnitKeys keys = keys(app, from.build());
        UnitValues values = values(app, from);
        UnitSeal seal = new UnitSeal(app, key.unitKey(app));
        for (Map.Entry<String, String> each : change.set().entrySet()) {
            UnitKey known = keys.find(each.getKey());
            requirePublic(app, known, values);
            values = values.with(known, known.parse(each.getValue()));
        }
        for (Map.Entry<String, String> each : change.secrets().entrySet()) {
            UnitKey known = keys.find(each.getKey());
            requireText(app, known);
            UnitKey.requirePlain(known.name(), each.getValue());
            values = values.withSecret(known, seal.seal(known.pid(), known.name(), each.getValue()));
        }
        for (String each : change.unset()) {
            UnitKey known = keys.find(each);
            requireSet(app, known, values);
            values = values.without(known);
        }
        return new Prepared(
                from, values.isEmpty() ? "" : catalog.store().values().put(values.write()));
    }

    /**
     * The release that a push of a build leads to: the values of the unit stay, also those that this Seed has lost and its nodes have not.
     *
     * @throws BuildException if one of them has no key in that build
     */
    public String release(String app, String digest) throws FleetException, BuildException, IOException {
        DesiredBuild now = fleet.data().base(app);
        Optional<UnitValues> found = catalog.store().values().get(now.values());
        if (found.isEmpty() || catalog.build(digest).isEmpty()) {
            return new ReleaseId(digest, now.values()).toString();
        }
        UnitValues values = found.get();
        UnitKeys keys = keys(app, digest);
        String version = catalog.build(digest).map(Build::version).orElse("");
        for (Map.Entry<String, Map<String, Object>> pid : values.values().entrySet()) {
            for (String property : pid.getValue().keySet()) {
                requireKnown(app, version, keys, pid.getKey(), UnitValues.name(property));
            }
        }
        for (Map.Entry<String, Map<String, String>> pid : values.secrets().entrySet()) {
            for (String name : pid.getValue().keySet()) {
                requireKnown(app, version, keys, pid.getKey(), name);
            }
        }
        return new ReleaseId(digest, now.values()).toString();
    }

    /** All keys of the build that serves, and what is set. */
    public List<Line> lines(String app) throws FleetException, BuildException, IOException {
        DesiredBuild now = serving(app);
        UnitKeys keys = keys(app, now.build());
        UnitValues values = values(app, now);
        return keys.all().stream()
                .map(known -> {
                    Optional<String> value = value(values, known);
                    boolean sealed = isSealed(values, known);
                    return new Line(known, keys.shortest(known), value.orElse(""), value.isPresent() || sealed, sealed);
                })
                .toList();
    }

    /** A document, for nodes. */
    public Optional<byte[]> document(String digest) throws IOException {
        return catalog.store().values().bytes(digest);
    }

    /** The key of a unit's secrets, for nodes. */
    public byte[] unitKey(String app) {
        return key.unitKey(app);
    }

    private DesiredBuild serving(String app) throws FleetException {
        DesiredBuild desired = fleet.data().base(app);
        if (desired.none()) {
            boolean known = !fleet.data().app(app).good().isEmpty();
            throw new FleetException(
                    Kind.NOT_FOUND,
                    known ? app + " is removed" : "there is no app or role " + app,
                    known
                            ? "bring it back first: ./protoplex rollback " + app
                            : "./protoplex status shows what there is; push it first");
        }
        return desired;
    }

    private UnitKeys keys(String app, String digest) throws FleetException, IOException {
        Build build = catalog.build(digest)
                .orElseThrow(() -> new FleetException(
                        Kind.CONFLICT,
                        "this Seed does not have the build of " + app + " that serves, so it does not know its keys",
                        "push it again"));
        return UnitKeys.of(build, file -> catalog.store().content().file(file.sha256()));
    }

    private UnitValues values(String app, DesiredBuild release) throws FleetException, BuildException, IOException {
        if (release.values().isEmpty()) {
            return UnitValues.none(app);
        }
        return catalog.store()
                .values()
                .get(release.values())
                .orElseThrow(() -> new FleetException(
                        Kind.CONFLICT,
                        "this Seed has lost what " + app + " is configured with; its nodes go on with it",
                        "restore store/values of the Seed, or take " + app + " away and push it again"));
    }

    private static Optional<String> value(UnitValues values, UnitKey known) {
        return values.values().getOrDefault(known.pid(), Map.of()).entrySet().stream()
                .filter(each -> UnitValues.name(each.getKey()).equals(known.name()))
                .map(each -> known.text(each.getValue()))
                .findFirst();
    }

    private static boolean isSealed(UnitValues values, UnitKey known) {
        return values.secrets().getOrDefault(known.pid(), Map.of()).containsKey(known.name());
    }

    private static void requirePublic(String app, UnitKey known, UnitValues values) throws BuildException {
        if (known.secret() || isSealed(values, known)) {
            throw new BuildException(
                    known.name() + " of " + app + " is a secret, and would be shown as a value",
                    "./protoplex secret set " + app + " " + known.name() + " reads it from standard input");
        }
    }

    private static void requireText(String app, UnitKey known) throws BuildException {
        if (!known.isText()) {
            throw new BuildException(
                    known.name() + " of " + app + " is of the type " + known.type() + ", and a secret is a text",
                    "./protoplex config set " + app + " " + known.name() + "=VALUE");
        }
    }

    private static void requireSet(String app, UnitKey known, UnitValues values) throws FleetException {
        if (value(values, known).isEmpty() && !isSealed(values, known)) {
            throw new FleetException(
                    Kind.NOT_FOUND,
                    known.name() + " of " + app + " is not set at the Seed",
                    "./protoplex config get " + app + " shows what is set");
        }
    }

    private static void requireKnown(String app, String version, UnitKeys keys, String pid, String name)
            throws BuildException {
        if (keys.find(pid, name).isEmpty()) {
            throw new BuildException(
                    app + " " + version + " has no key '" + name + "' in " + pid + ", and a value of it is set",
                    "if it is no longer needed: ./protoplex config unset " + app + " " + name + ", then push again");
        }
    }
}
