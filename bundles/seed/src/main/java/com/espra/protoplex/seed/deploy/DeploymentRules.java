package com.espra.protoplex.seed.deploy;

import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.BuildOrder;
import com.espra.protoplex.seed.state.App;
import com.espra.protoplex.seed.state.Builds;
import com.espra.protoplex.seed.state.Deployment;
import com.espra.protoplex.seed.state.DesiredBuild;
import com.espra.protoplex.seed.state.FleetException;
import com.espra.protoplex.seed.state.FleetException.Kind;
import java.util.Optional;

/** What may be deployed, and how long it may take. */
public final class DeploymentRules {

    /** What a node may need besides: to hear of it, and to answer. */
    private static final int SLACK_SECONDS = 30;

    /** How fast a node fetches files at the least. */
    private static final long BYTES_PER_SECOND = 4L << 20;

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

    public DesiredBuild previous(String app, App known) throws FleetException {
        return known.good().stream()
                .filter(target -> !target.equals(known.desired()))
                .filter(target -> builds.build(target.digest()).isPresent())
                .findFirst()
                .orElseThrow(() -> new FleetException(
                        Kind.NOT_FOUND,
                        "there is nothing to roll " + app + " back to: no other build of it has served well",
                        "./protoplex builds shows what there is; name a version: ./protoplex rollback " + app
                                + " VERSION"));
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
        if (known.desired().none()) {
            throw new FleetException(
                    Kind.NOT_FOUND, "there is no app " + app, "./protoplex status shows what there is");
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
                        + answered + " of " + other.nodes().size() + " nodes so far",
                "wait until it has ended, then ask again",
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
