package com.espra.protoplex.seed.deploy;

import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.BuildOrder;
import com.espra.protoplex.fleet.build.ReleaseId;
import com.espra.protoplex.seed.rollout.RolloutStep;
import com.espra.protoplex.seed.state.App;
import com.espra.protoplex.seed.state.Builds;
import com.espra.protoplex.seed.state.Deployment;
import com.espra.protoplex.seed.state.DesiredBuild;
import com.espra.protoplex.seed.state.FleetException;
import com.espra.protoplex.seed.state.FleetException.Kind;
import java.util.List;
import java.util.Optional;

/** What may be deployed, and how long it may take. */
public final class DeploymentRules {

    /** What a node may need besides: to hear of it, and to answer. */
    private static final int SLACK_SECONDS = 30;

    /** How fast a node fetches files at the least. */
    private static final long BYTES_PER_SECOND = 4L << 20;

    /** These are part of the host, and no builds. */
    private static final String APP = Build.Kind.APP.word();

    /** A unit that is one of the platform's own: nothing else may have its name, and it is not removed. */
    private static final String SEED = "seed";

    private static final int VERSIONS_NAMED = 5;

    private final Builds builds;

    public DeploymentRules(Builds builds) {
        this.builds = builds;
    }

    public DesiredBuild target(String app, String digest) throws FleetException {
        Optional<Build> build = builds.build(digest).filter(each -> each.unit().equals(app));
        return build.map(each -> new DesiredBuild(each.version(), digest))
                .orElseThrow(() -> new FleetException(
                        Kind.NOT_FOUND,
                        "there is no build " + digest + " of " + app,
                        "./protoplex builds shows what there is"));
    }

    /** What a step back to a build leads to: the release of it that served well last, or if there is none, the build with the values of now. */
    DesiredBuild returnTo(String app, String digest, App known, DesiredBuild base) throws FleetException {
        DesiredBuild build = target(app, ReleaseId.of(digest).build());
        return known.good().stream()
                .filter(good -> good.build().equals(build.digest()))
                .findFirst()
                .orElseGet(() -> build.with(base.values()));
    }

    /** What a build leads to that is not a step back: it, with the values that the unit has. */
    DesiredBuild target(String app, String release, DesiredBuild base) throws FleetException {
        ReleaseId id = ReleaseId.of(release);
        DesiredBuild to = target(app, id.build());
        requireSame(app, base.values(), id.values());
        return to.with(id.values());
    }

    private static void requireSame(String app, String now, String then) throws FleetException {
        if (!now.equals(then)) {
            throw new FleetException(
                    Kind.CONFLICT,
                    "the configuration of " + app + " has changed while this was asked for",
                    "look at it (./protoplex config get " + app + "), and try again");
        }
    }

    /** Refuses what does not begin at what serves, or cannot be done by all. */
    void requireConfigurable(String app, DesiredBuild from, App known, DesiredBuild base, List<String> unable)
            throws FleetException {
        if (base.none()) {
            requirePresent(app, known);
        }
        if (!base.build().equals(from.build())) {
            throw new FleetException(
                    Kind.CONFLICT, app + " was moved to another build meanwhile", "look at it, and try again");
        }
        requireSame(app, base.values(), from.values());
        if (!unable.isEmpty()) {
            throw new FleetException(
                    Kind.CONFLICT,
                    String.join(", ", unable) + " cannot be configured from here: it runs an older Protoplex",
                    "upgrade it first (./protoplex upgrade), or put the value into units." + app + " of its node.json");
        }
    }

    public Build.Kind kind(DesiredBuild target) {
        return builds.build(target.digest()).map(Build::kind).orElse(Build.Kind.APP);
    }

    /** Apps and roles have one name space, so nothing becomes the other by a push. */
    void requireKind(String app, DesiredBuild to, App known) throws FleetException {
        boolean isNew = known.desired().none() && known.good().isEmpty();
        if (!isNew && kind(to) != known.kind()) {
            throw new FleetException(
                    Kind.CONFLICT,
                    app + " is the name of " + (known.kind() == Build.Kind.ROLE ? "a role" : "an app")
                            + ", and this is a build of "
                            + (kind(to) == Build.Kind.ROLE ? "a role" : "an app"),
                    "give it another name: ./protoplex push PATH --app NAME");
        }
        boolean isSeed = app.equals(SEED) && !to.none();
        if (app.equals(APP) || (isSeed && kind(to) != Build.Kind.ROLE)) {
            throw new FleetException(
                    Kind.CONFLICT,
                    app + " is a role of the platform" + (isSeed ? ", and this is a build of an app" : ""),
                    "give it another name: ./protoplex push PATH --app NAME");
        }
    }

    /** The Seed that is asked would be gone before it had answered. */
    void requireRemovable(String app) throws FleetException {
        if (app.equals(SEED)) {
            throw new FleetException(
                    Kind.CONFLICT,
                    "the Seed cannot remove itself",
                    "./protoplex rollback seed goes back to the version before");
        }
    }

    public DesiredBuild previous(String app, App known) throws FleetException {
        return known.good().stream()
                .filter(target -> !target.equals(known.desired()))
                .filter(target -> builds.build(target.digest()).isPresent())
                .findFirst()
                .orElseThrow(() -> nothingBefore(app, known));
    }

    private FleetException nothingBefore(String app, App known) {
        List<String> others = builds.versions(app).stream()
                .filter(version -> !version.equals(known.desired().version()))
                .limit(VERSIONS_NAMED)
                .toList();
        if (others.isEmpty() && known.desired().none()) {
            return unknown(app);
        }
        String what = known.desired().none()
                ? "nothing of " + app + " has served well before"
                : "nothing has served before " + known.desired().of(app);
        return new FleetException(
                Kind.NOT_FOUND,
                what + (others.isEmpty() ? "" : "; there are " + String.join(", ", others)),
                others.isEmpty()
                        ? "./protoplex releases " + app + " shows what was"
                        : "name one: ./protoplex rollback " + app + " " + others.getFirst());
    }

    private static FleetException unknown(String app) {
        return new FleetException(Kind.NOT_FOUND, "there is no app " + app, "./protoplex status shows what there is");
    }

    public void requireNotOlder(String app, DesiredBuild to, DesiredBuild desired) throws FleetException {
        if (!desired.none() && BuildOrder.isStepBack(to.version(), desired.version())) {
            throw new FleetException(
                    Kind.CONFLICT,
                    to.of(app) + " is older than " + desired.version() + ", which serves",
                    "if that is meant: ./protoplex rollback " + app + " " + to.version());
        }
    }

    public void requirePresent(String app, App known) throws FleetException {
        if (known.desired().none() && known.good().isEmpty()) {
            throw unknown(app);
        }
        if (known.desired().none()) {
            throw new FleetException(
                    Kind.NOT_FOUND, app + " is removed already", "./protoplex rollback " + app + " brings it back");
        }
    }

    /** What is wrong with a deployment that is to be given up and does not go on. */
    FleetException notMoving(String id, Optional<Deployment> ended) {
        return ended.map(deployment -> new FleetException(
                        Kind.CONFLICT,
                        "deployment " + id + " has ended: " + deployment.detail(),
                        "./protoplex rollback " + deployment.app() + " goes back to what served before"))
                .orElseGet(() -> new FleetException(
                        Kind.NOT_FOUND, "there is no deployment " + id, "./protoplex status shows what goes on"));
    }

    /** What somebody asked of a rollout that is not where it would make sense. */
    FleetException impossible(Deployment deployment, RolloutStep.No no) {
        return new FleetException(
                Kind.CONFLICT,
                "rollout " + deployment.id() + " of " + deployment.app() + " " + no.why(),
                no.remedy().replace("ID", deployment.id()).replace("APP", deployment.app()),
                deployment.id());
    }

    /** Refuses waves of nobody: what nobody tries first, nobody has tried. */
    void requirePeople(String app, String role, List<String> targets, List<String> emptyRegions) throws FleetException {
        if (targets.isEmpty()) {
            throw new FleetException(
                    Kind.CONFLICT,
                    "no node with the role " + role + " is there to be the first wave of " + app,
                    "start one, or leave --wave out: it serves when a node joins");
        }
        if (!emptyRegions.isEmpty()) {
            throw new FleetException(
                    Kind.CONFLICT,
                    "no connected node with the role " + role + " is in the region " + String.join(", ", emptyRegions),
                    "./protoplex nodes shows which there are");
        }
    }

    public void refuseSecond(Deployment other) throws FleetException {
        long answered = other.nodes().values().stream()
                .filter(outcome -> outcome.state() == Deployment.NodeState.DONE)
                .count();
        throw new FleetException(
                Kind.CONFLICT,
                "deployment " + other.id() + " of " + other.app() + " goes on: "
                        + (other.to().none() ? "a removal" : "to " + other.to().version())
                        + (other.by().isEmpty() ? "" : ", by " + other.by()) + ", since " + other.begun() + ", on "
                        + answered + " of " + other.nodes().size() + " nodes so far"
                        + (other.rollout().plan().waves().size() > 2
                                ? ", in " + other.rollout().where()
                                : ""),
                "wait until it has ended, or give it up: ./protoplex deployment abort " + other.id(),
                other.id());
    }

    public int patienceSeconds(DesiredBuild to, DesiredBuild from) {
        Optional<Build> build = builds.build(to.digest());
        long fetch = build.map(each ->
                        each.bundles().stream().mapToLong(Build.File::size).sum() / BYTES_PER_SECOND)
                .orElse(0L);
        int ready = build.map(Build::readySeconds).orElse(0);
        int drain =
                to.none() ? builds.build(from.digest()).map(Build::drainSeconds).orElse(0) : 0;
        return (int) Math.min(Integer.MAX_VALUE, SLACK_SECONDS + fetch + ready + drain);
    }
}
