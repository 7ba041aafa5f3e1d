package com.espra.protoplex.fleet.link;

import static java.util.Objects.requireNonNull;

import com.espra.protoplex.fleet.build.ReleaseId;
import com.espra.protoplex.fleet.link.LinkFrame.Actual;
import com.espra.protoplex.fleet.link.LinkFrame.Answer;
import com.espra.protoplex.fleet.link.LinkFrame.Ask;
import com.espra.protoplex.fleet.link.LinkFrame.Desired;
import com.espra.protoplex.fleet.link.LinkFrame.Directory;
import com.espra.protoplex.fleet.link.LinkFrame.Event;
import com.espra.protoplex.fleet.link.LinkFrame.Hello;
import com.espra.protoplex.fleet.link.LinkFrame.Lease;
import com.espra.protoplex.fleet.link.LinkFrame.Owners;
import com.espra.protoplex.fleet.link.LinkFrame.Owning;
import com.espra.protoplex.fleet.link.LinkFrame.Result;
import com.espra.protoplex.fleet.link.LinkFrame.Revoked;
import com.espra.protoplex.fleet.link.LinkFrame.Standing;
import com.espra.protoplex.fleet.link.LinkFrame.Upgrade;
import com.espra.protoplex.fleet.owner.OwnerBook;
import com.espra.protoplex.fleet.owner.OwnerTable;
import com.espra.protoplex.fleet.owner.RoleReport;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A message on the link: one JSON object in one WebSocket text message (RFC 6455), its kind in {@code type}. A reader ignores keys
 * that it does not know.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Hello.class, name = "hello"),
    @JsonSubTypes.Type(value = Desired.class, name = "desired"),
    @JsonSubTypes.Type(value = Actual.class, name = "actual"),
    @JsonSubTypes.Type(value = Event.class, name = "event"),
    @JsonSubTypes.Type(value = Result.class, name = "result"),
    @JsonSubTypes.Type(value = Upgrade.class, name = "upgrade"),
    @JsonSubTypes.Type(value = Directory.class, name = "directory"),
    @JsonSubTypes.Type(value = Standing.class, name = "standing"),
    @JsonSubTypes.Type(value = Revoked.class, name = "revoked"),
    @JsonSubTypes.Type(value = Ask.class, name = "ask"),
    @JsonSubTypes.Type(value = Answer.class, name = "answer"),
    @JsonSubTypes.Type(value = Owners.class, name = "owners"),
    @JsonSubTypes.Type(value = Owning.class, name = "owning"),
    @JsonSubTypes.Type(value = Lease.class, name = "lease"),
})
public sealed interface LinkFrame {

    /** The version of the protocol that {@link Hello} names. */
    int PROTOCOL = 1;

    /**
     * Node to Seed, first and once.
     *
     * @param protocol {@link #PROTOCOL}
     * @param node the node's name
     * @param region its region
     * @param roles its roles
     * @param pid its process
     * @param version the version of Protoplex that it runs
     * @param addresses name to URL of its listeners, such as {@code http} to {@code http://localhost:8080}
     * @param accepted the newest desired state that it has accepted, as it came; {@link Desired#NONE} when none
     * @param versions the versions of the builds in it, by digest, as far as the node has them
     * @param follow what it knows of the directory
     * @param configures whether it understands releases that are more than a build: {@link ReleaseId}
     * @param order the newest order that it has accepted; {@link Order#UNHEARD} of a node that understands no {@link Standing}
     * @param revoked the newest {@link RevokedKey#at} that it has heard of, 0 of none; {@link Revoked#UNHEARD} of a node that understands no
     *     {@link Revoked}
     */
    record Hello(
            int protocol,
            String node,
            String region,
            Set<String> roles,
            long pid,
            String version,
            Map<String, String> addresses,
            Desired accepted,
            Map<String, String> versions,
            Follow follow,
            boolean configures,
            Order order,
            long revoked)
            implements LinkFrame {

        /** Keeps copies. */
        public Hello {
            roles = Set.copyOf(roles);
            addresses = Map.copyOf(addresses);
            versions = Map.copyOf(versions);
        }

        /** Of a node that understands no {@link Revoked}. */
        public Hello(
                int protocol,
                String node,
                String region,
                Set<String> roles,
                long pid,
                String version,
                Map<String, String> addresses,
                Desired accepted,
                Map<String, String> versions,
                Follow follow,
                boolean configures,
                Order order) {
            this(
                    protocol,
                    node,
                    region,
                    roles,
                    pid,
                    version,
                    addresses,
                    accepted,
                    versions,
                    follow,
                    configures,
                    order,
                    Revoked.UNHEARD);
        }

        /** Of a node that understands no {@link Standing}. */
        public Hello(
                int protocol,
                String node,
                String region,
                Set<String> roles,
                long pid,
                String version,
                Map<String, String> addresses,
                Desired accepted,
                Map<String, String> versions,
                Follow follow,
                boolean configures) {
            this(
                    protocol,
                    node,
                    region,
                    roles,
                    pid,
                    version,
                    addresses,
                    accepted,
                    versions,
                    follow,
                    configures,
                    Order.UNHEARD);
        }

        /** Of a node that understands builds alone. */
        public Hello(
                int protocol,
                String node,
                String region,
                Set<String> roles,
                long pid,
                String version,
                Map<String, String> addresses,
                Desired accepted,
                Map<String, String> versions,
                Follow follow) {
            this(protocol, node, region, roles, pid, version, addresses, accepted, versions, follow, false);
        }

        /** Of a node that does not want the directory. */
        public Hello(
                int protocol,
                String node,
                String region,
                Set<String> roles,
                long pid,
                String version,
                Map<String, String> addresses,
                Desired accepted,
                Map<String, String> versions) {
            this(protocol, node, region, roles, pid, version, addresses, accepted, versions, Follow.NOT);
        }
    }

    /**
     * What a node knows of the directory: it is told what came after.
     *
     * @param epoch see {@link Directory}
     * @param number see {@link Directory}; 0 when it knows nothing, -1 if it does not want to
     */
    record Follow(long epoch, long number) {

        /** It does not want the directory: a node of a version that does not say would not understand it. */
        public static final Follow NOT = new Follow(0, -1);

        /** It knows nothing. */
        public static final Follow ALL = new Follow(0, 0);
    }

    /**
     * Seed to node: rows of the directory that changed. All rows whose numbers are above {@code from}, up to {@code number}; a node that does not
     * stand at {@code from} says hello again.
     *
     * @param epoch which start of the Seed counts, in milliseconds since 1970
     * @param from what the node knows by then; 0: nothing, what it knew before is void
     * @param number what it knows after that
     * @param head the newest number: the rest is to come, if it is larger
     * @param time when the Seed says so, in milliseconds since 1970
     * @param rows in the order of their numbers
     */
    record Directory(long epoch, long from, long number, long head, long time, List<Row> rows) implements LinkFrame {

        /** Keeps a copy. */
        public Directory {
            rows = List.copyOf(rows);
        }
    }

    /**
     * A node in the directory.
     *
     * @param node its name
     * @param gone whether the Seed has forgotten it: all else means nothing then
     * @param region its region
     * @param roles its roles
     * @param connected whether it is linked to the Seed
     * @param since since when, or when it was seen last, in milliseconds since 1970
     * @param health the state of its {@link Health}
     * @param addresses name to URL of its listeners
     * @param units what it runs, without digests and numbers
     * @param drained whether it was asked to serve nothing new
     */
    record Row(
            String node,
            boolean gone,
            String region,
            Set<String> roles,
            boolean connected,
            long since,
            String health,
            Map<String, String> addresses,
            List<Unit> units,
            boolean drained) {

        /** Keeps copies. */
        public Row {
            roles = Set.copyOf(roles);
            addresses = Map.copyOf(addresses);
            units = List.copyOf(units);
        }

        /** That of a node which serves what comes. */
        public Row(
                String node,
                boolean gone,
                String region,
                Set<String> roles,
                boolean connected,
                long since,
                String health,
                Map<String, String> addresses,
                List<Unit> units) {
            this(node, gone, region, roles, connected, since, health, addresses, units, false);
        }

        /** That of a node which the Seed has forgotten. */
        public static Row gone(String node) {
            return new Row(node, true, "", Set.of(), false, 0, "", Map.of(), List.of());
        }
    }

    /**
     * Seed to node, after the hello and at every change: all that the node should run. The node moves to it; a unit that is not named is
     * removed. The node keeps it as it came, and gives it back in its next hello: so a Seed that has lost its state gets it again.
     *
     * @param fleet the id of the fleet; a node refuses another one than it belongs to
     * @param sequence grows with every change; a node refuses an older one than it has accepted
     * @param time when the Seed made it, in milliseconds since 1970; grows with the sequence
     * @param units unit to the release that should serve: the digest of its build, and perhaps of the values that configure it
     * @param words what else there is to say of units, for a Seed that has lost its state: of those in {@code units} that serve for good,
     *     and of those that are to be gone everywhere
     * @param placed the roles of the node, if an operator has changed them at the Seed
     * @param seal proves to a Seed of this fleet that a Seed of this fleet has said all of this; means nothing to anybody else
     */
    record Desired(
            String fleet,
            long sequence,
            long time,
            Map<String, String> units,
            Map<String, Word> words,
            Placed placed,
            String seal)
            implements LinkFrame {

        /** Nothing was ever desired. */
        public static final Desired NONE = new Desired("", 0, 0, Map.of(), "");

        /** Keeps copies. */
        public Desired {
            units = Map.copyOf(units);
            words = Map.copyOf(words);
        }

        /** One that says nothing but what should serve. */
        public Desired(String fleet, long sequence, long time, Map<String, String> units, String seal) {
            this(fleet, sequence, time, units, Map.of(), Placed.NONE, seal);
        }
    }

    /**
     * When the desired build of a unit changed last. From a unit without a word nothing follows: it may be meant for other nodes.
     *
     * @param kind {@code app} or {@code role}
     * @param changed in milliseconds since 1970, by the Seed's clock; grows with every change of the unit
     */
    record Word(String kind, long changed) {

        /** Checks that nothing is missing. */
        public Word {
            requireNonNull(kind);
        }
    }

    /**
     * The roles of a node, as an operator has changed them at the Seed.
     *
     * @param roles its roles, in place of those in its node.json
     * @param changed when, in milliseconds since 1970; 0 when nobody has: then those in its node.json count
     */
    record Placed(Set<String> roles, long changed) {

        /** Those in its node.json count. */
        public static final Placed NONE = new Placed(Set.of(), 0);

        /** Keeps a copy. */
        public Placed {
            roles = Set.copyOf(roles);
        }
    }

    /**
     * Node to Seed, after the hello and at every change: all that the node runs.
     *
     * @param sequence the desired state that it works on or has reached
     * @param units the node's units
     * @param health how its processes are; that of a node of a version that does not tell is good
     * @param upgrades how its processes were replaced; a node of a version that does not tell cannot be asked to
     * @param settings what the node itself says that its units are configured with, at most {@link Setting#MOST}
     * @param drain how far it is with an order to drain
     * @param addresses as in the hello, where they may have changed since; empty: nothing is said of them
     * @param traffic what became of the requests of its units, at most {@link Traffic#MOST}; a node that does not know says nothing
     */
    record Actual(
            long sequence,
            List<Unit> units,
            Health health,
            Upgrades upgrades,
            List<Setting> settings,
            Drain drain,
            Map<String, String> addresses,
            List<Traffic> traffic)
            implements LinkFrame {

        /** Keeps copies. */
        public Actual {
            units = List.copyOf(units);
            settings = List.copyOf(settings);
            addresses = Map.copyOf(addresses);
            traffic = List.copyOf(traffic);
        }

        /** Of a node that does not drain, listens where it said in its hello, and says nothing of its units' requests. */
        public Actual(long sequence, List<Unit> units, Health health, Upgrades upgrades, List<Setting> settings) {
            this(sequence, units, health, upgrades, settings, Drain.NONE, Map.of(), List.of());
        }

        /** Of a node that says nothing of its units' configuration. */
        public Actual(long sequence, List<Unit> units, Health health, Upgrades upgrades) {
            this(sequence, units, health, upgrades, List.of());
        }

        /** Of a node whose processes cannot be replaced. */
        public Actual(long sequence, List<Unit> units, Health health) {
            this(sequence, units, health, Upgrades.NONE);
        }

        /** Of a node that is well. */
        public Actual(long sequence, List<Unit> units) {
            this(sequence, units, Health.GOOD);
        }
    }

    /**
     * How the processes of a node are.
     *
     * @param state {@code HEALTHY}, {@code DEGRADED} or {@code UNHEALTHY}
     * @param reason why it is not healthy; empty when it is
     * @param crash the last process that crashed since the node started, and why; empty when none did
     * @param crashed when, in milliseconds since 1970; 0 when none did
     */
    record Health(String state, String reason, String crash, long crashed) {

        /** Nothing is known to be wrong. */
        public static final Health GOOD = new Health("HEALTHY", "", "", 0);

        /** Checks that nothing is missing. */
        public Health {
            requireNonNull(state);
            requireNonNull(reason);
            requireNonNull(crash);
        }
    }

    /**
     * The replacements of a node's processes while it serves.
     *
     * @param possible whether the node has processes that others can take over from
     * @param last how they went, at most {@link #MOST}: first the one that runs or ran last, then those that were refused, the newest first
     * @param home the folder of the distribution that it runs from, without links; empty if it does not say, as an older one does not
     */
    record Upgrades(boolean possible, List<Upgraded> last, String home) {

        /** How many a node tells of. */
        public static final int MOST = 8;

        /** Of a node that is one process. */
        public static final Upgrades NONE = new Upgrades(false, List.of());

        /** Keeps a copy. */
        @SuppressWarnings("NullAway") // a Seed may have saved what an older node has told, which says nothing of it
        public Upgrades {
            last = List.copyOf(last);
            home = Objects.requireNonNullElse(home, "");
        }

        /** Of a node that does not say what it runs from. */
        public Upgrades(boolean possible, List<Upgraded> last) {
            this(possible, last, "");
        }
    }

    /**
     * One replacement.
     *
     * @param id that of the {@link Upgrade}; empty when somebody asked for it on the node itself
     * @param state {@code RUNNING}, {@code DONE} or {@code FAILED}, and then the processes that served before serve on
     * @param reason why it failed; empty when it did not
     * @param seconds how long it took; 0 while it runs
     */
    record Upgraded(String id, String state, String reason, double seconds) {

        /** The new processes start. */
        public static final String RUNNING = "RUNNING";

        /** The new processes serve. */
        public static final String DONE = "DONE";

        /** The old processes serve on. */
        public static final String FAILED = "FAILED";

        /** Checks that nothing is missing. */
        public Upgraded {
            requireNonNull(id);
            requireNonNull(state);
            requireNonNull(reason);
        }
    }

    /**
     * A key of a unit that a node has a value for itself. It is no secret.
     *
     * @param unit the unit
     * @param pid the configuration that it is in
     * @param name the property
     * @param value its value, for people: the first {@link #MOST_LETTERS} letters of it
     * @param environment whether it comes from the environment, and counts whatever the Seed says; else from node.json, and counts
     *     where the Seed says nothing
     */
    record Setting(String unit, String pid, String name, String value, boolean environment) {

        /** How many a node tells of. */
        public static final int MOST = 256;

        /** How much of a value it tells. */
        public static final int MOST_LETTERS = 256;

        /** Checks that nothing is missing, and keeps the beginning of the value. */
        public Setting {
            requireNonNull(unit);
            requireNonNull(pid);
            requireNonNull(name);
            value = value.substring(0, Math.min(MOST_LETTERS, value.length()));
        }
    }

    /**
     * What became of the requests of a unit on a node: of the build that serves, and of the one before it, so that the two can be compared
     * whatever the Seed has missed.
     *
     * @param unit the unit
     * @param digest what serves, as in {@link Unit}
     * @param now since it serves, or this process does
     * @param before of what served before, in the minutes before that; {@link Requests#NONE} when nothing did, or nobody knows
     */
    record Traffic(String unit, String digest, Requests now, Requests before) {

        /** How many a node tells of. */
        public static final int MOST = 256;

        /** Checks that nothing is missing. */
        public Traffic {
            requireNonNull(unit);
            requireNonNull(digest);
            requireNonNull(now);
            requireNonNull(before);
        }
    }

    /**
     * Requests that ended.
     *
     * @param seconds in how many seconds
     * @param count how many
     * @param failed how many of them had a status of 500 and above, or none
     * @param bySeconds how many took at most so long, by the bounds of the node's meters; at most {@link #MOST_BUCKETS}
     */
    record Requests(long seconds, long count, long failed, List<Long> bySeconds) {

        /** How many bounds there are at the most. */
        public static final int MOST_BUCKETS = 32;

        /** Nobody asked. */
        public static final Requests NONE = new Requests(0, 0, 0, List.of());

        /** Keeps a copy; a longer one is cut. */
        public Requests {
            bySeconds = List.copyOf(bySeconds.subList(0, Math.min(MOST_BUCKETS, bySeconds.size())));
        }
    }

    /**
     * A unit on a node.
     *
     * @param unit its name
     * @param version the version that serves; empty when none does
     * @param digest the digest of the build that serves; empty when none does
     * @param routes the routes that it serves
     * @param inFlight requests in flight
     */
    record Unit(String unit, String version, String digest, List<String> routes, long inFlight) {

        /** Keeps a copy. */
        public Unit {
            routes = List.copyOf(routes);
        }
    }

    /**
     * Node to Seed: a step of a swap, as it happens. For people who watch; nothing depends on it.
     *
     * @param unit the unit
     * @param version the version that the step is about
     * @param step the step, such as {@code FLIP}
     * @param state {@code BEGUN}, {@code PROGRESS}, {@code DONE} or {@code FAILED}
     * @param detail for people
     * @param micros since the step began, in microseconds
     */
    record Event(String unit, String version, String step, String state, String detail, long micros)
            implements LinkFrame {}

    /**
     * Node to Seed: the node has tried to move a unit to what the Seed desires.
     *
     * @param sequence the desired state that asked for it
     * @param unit the unit
     * @param digest the build that should serve; empty for a removal
     * @param done whether it serves now; otherwise the build that served before still does
     * @param reason the cause and its remedy, when not done
     * @param flipMicros from install to serving, in microseconds
     * @param fatal whether the build ended a process of the node after it had come to serve there
     */
    record Result(
            long sequence, String unit, String digest, boolean done, String reason, long flipMicros, boolean fatal)
            implements LinkFrame {

        public Result(long sequence, String unit, String digest, boolean done, String reason, long flipMicros) {
            this(sequence, unit, digest, done, reason, flipMicros, false);
        }
    }

    /**
     * Seed to node: replace your processes while they serve. Said once; the node tells how it goes in {@link Actual#upgrades}. It does not do
     * what it has done already, nor two at a time, and it starts nothing but what its own operator has put beside what it runs.
     *
     * @param id names this replacement; not empty
     * @param children replace the children alone, and not the parent
     * @param distribution the folder of the distribution that they start from; empty: the one that the node runs from
     */
    record Upgrade(String id, boolean children, String distribution) implements LinkFrame {}

    /**
     * Seed to node, after the hello and at every change, if the node understands it: how the node is to serve, whatever it runs. The node keeps
     * it, and goes by it also after a restart without a Seed.
     *
     * @param order what an operator has ordered of this node
     * @param time when the Seed says so, in milliseconds since 1970: the node's clock may be another
     * @param outages where something else than the app answers, at most {@link Outage#MOST}; those of this node alone
     */
    record Standing(Order order, long time, List<Outage> outages) implements LinkFrame {

        /** Nobody has ordered anything. */
        public static final Standing NONE = new Standing(Order.NONE, 0, List.of());

        /** Checks that nothing is missing, and keeps a copy. */
        public Standing {
            requireNonNull(order);
            outages = List.copyOf(outages);
        }
    }

    /**
     * What an operator has ordered of a node.
     *
     * @param what {@link #SERVE}, {@link #CORDON} or {@link #DRAIN}; empty of a node that understands no {@link Standing}
     * @param changed when, in milliseconds since 1970, by the Seed's clock; grows with every order to the node; 0 when nobody has
     * @param drainMillis how long a drain may take until the node says what is left
     */
    record Order(String what, long changed, long drainMillis) {

        /** It serves, and gets what is new. */
        public static final String SERVE = "SERVE";

        /** It serves what it has, and gets nothing new: a matter of the Seed alone. */
        public static final String CORDON = "CORDON";

        /** As cordoned, and it serves no new request. */
        public static final String DRAIN = "DRAIN";

        /** Nobody has ordered anything. */
        public static final Order NONE = new Order(SERVE, 0, 0);

        /** Of a node that would not understand one. */
        public static final Order UNHEARD = new Order("", 0, 0);

        /** Checks that nothing is missing. */
        public Order {
            requireNonNull(what);
        }

        /** Whether the node is to serve no new request. */
        public boolean drains() {
            return what.equals(DRAIN);
        }
    }

    /**
     * Planned maintenance.
     *
     * @param app the app that it is of; empty: all that the public listeners serve
     * @param readOnly whether methods that change nothing are let through
     * @param until when it ends by itself, in milliseconds since 1970, by the clock of {@link Standing#time}; 0: when the Seed says so
     * @param message for people, at most {@link #MOST_LETTERS} letters
     * @param key the sha256 of the key by which operators pass, in hexadecimal digits; empty: nobody passes
     */
    record Outage(String app, boolean readOnly, long until, String message, String key) {

        /** How many a node is told of. */
        public static final int MOST = 32;

        /** How long a message may be. */
        public static final int MOST_LETTERS = 512;

        /** Checks that nothing is missing. */
        public Outage {
            requireNonNull(app);
            requireNonNull(message);
            requireNonNull(key);
        }
    }

    /**
     * Seed to node, after the hello and at every revocation, if the node understands it: keys that are no node's any more. They are added to
     * those that the node knows, each until its time is over.
     *
     * @param keys at most {@link #MOST}
     */
    record Revoked(List<RevokedKey> keys) implements LinkFrame {

        /** How many a frame has at the most; of more, there are more frames. */
        public static final int MOST = 2_000;

        /** What a node says that would not understand it. */
        public static final long UNHEARD = -1;

        /** Keeps a copy. */
        public Revoked {
            keys = List.copyOf(keys);
        }
    }

    /**
     * A key whose certificates are refused.
     *
     * @param key the sha256 of the key, in hexadecimal digits
     * @param at when it was revoked, in milliseconds since 1970; grows with each
     * @param until until when it counts, in milliseconds since 1970
     */
    record RevokedKey(String key, long at, long until) {

        /** Checks that nothing is missing. */
        public RevokedKey {
            requireNonNull(key);
        }
    }

    /**
     * Seed to node: somebody who may wants to know something of the node itself. Answered once, within seconds, by an {@link Answer}; by a node
     * that understands a {@link Standing}, and no other.
     *
     * @param id names the question on this link; not empty
     * @param what {@link #LOG} or {@link #REHEARSAL}; a node that does not know it says so
     * @param with what else there is to say
     */
    record Ask(String id, String what, Map<String, String> with) implements LinkFrame {

        /** What was written to the node's logs: after {@code cursor}, if that is there; with {@code access}, if that is {@code true}. */
        public static final String LOG = "log";

        /**
         * Whether the release {@code digest} of {@code unit} could be installed: the node fetches it and looks, and nothing that runs changes.
         * The answer is one part, of the name {@code passed} or {@code refused}, with what is missing as its text.
         */
        public static final String REHEARSAL = "rehearsal";

        /** Keeps a copy. */
        public Ask {
            with = Map.copyOf(with);
        }
    }

    /**
     * Node to Seed: what was asked for.
     *
     * @param id that of the {@link Ask}
     * @param problem why there is no answer; empty when there is
     * @param cursor where the next question goes on
     * @param parts at most {@link #MOST_CHARACTERS} characters of text together
     */
    record Answer(String id, String problem, String cursor, List<Part> parts) implements LinkFrame {

        /** What may become an escape of six characters in JSON each is still less than a frame may have. */
        public static final int MOST_CHARACTERS = 128 * 1024;

        /** Checks that nothing is missing, and keeps a copy. */
        public Answer {
            requireNonNull(id);
            requireNonNull(problem);
            requireNonNull(cursor);
            parts = List.copyOf(parts);
        }

        /** There is none. */
        public static Answer failed(String id, String problem) {
            return new Answer(id, problem, "", List.of());
        }
    }

    /**
     * A part of an answer.
     *
     * @param name what it is of, such as a file
     * @param anew whether what came before of that name is void
     * @param text whole lines
     */
    record Part(String name, boolean anew, String text) {

        /** Checks that nothing is missing. */
        public Part {
            requireNonNull(name);
            requireNonNull(text);
        }
    }

    /**
     * Seed to node, after the hello and at every change: who owns the slots of roles. A node of a version that does not know it passes over it; a
     * node that does answers with an {@link Owning}, and has said by that that it understands.
     *
     * @param tables of each owned role, at most {@link OwnerBook#MOST_ROLES}
     */
    record Owners(List<OwnerTable> tables) implements LinkFrame {

        /** Keeps a copy. */
        public Owners {
            tables = List.copyOf(tables);
        }
    }

    /**
     * Node to Seed, when it has heard {@link Owners} on this link, and again before its lease is over: how far it is, and that it wants a lease.
     *
     * @param number grows with each that the node says
     * @param roles what it says of each owned role that it knows
     */
    record Owning(long number, List<RoleReport> roles) implements LinkFrame {

        /** Keeps a copy; a longer one is cut. */
        public Owning {
            roles = List.copyOf(roles.subList(0, Math.min(OwnerBook.MOST_ROLES, roles.size())));
        }
    }

    /**
     * Seed to node: it may act on what it goes by, for as long as a lease is, from when it sent the {@link Owning} of that number on.
     *
     * @param number that of the {@link Owning}
     * @param epochs role to the epoch of the table that it must go by, or by a newer one; of a role that is not named it has no lease
     */
    record Lease(long number, Map<String, Long> epochs) implements LinkFrame {

        /** Keeps a copy. */
        public Lease {
            epochs = Map.copyOf(epochs);
        }
    }

    /**
     * How far a node is with an order to drain.
     *
     * @param order the {@link Order#changed} of the order that it works on or has done; 0 when it knows none
     * @param state {@link #SERVES}, {@link #DRAINING} or {@link #DRAINED}
     * @param left what was in flight when that was told, for people, at most {@link #MOST}; empty once nothing is
     */
    record Drain(long order, String state, List<String> left) {

        /** It takes what comes. */
        public static final String SERVES = "SERVES";

        /** It takes leave of its clients. */
        public static final String DRAINING = "DRAINING";

        /** It takes nothing new; what is {@link #left} was not done at the deadline. */
        public static final String DRAINED = "DRAINED";

        /** How many lines it has. */
        public static final int MOST = 50;

        /** Of a node that does not drain. */
        public static final Drain NONE = new Drain(0, SERVES, List.of());

        /** Checks that nothing is missing, and keeps the first lines. */
        public Drain {
            requireNonNull(state);
            left = List.copyOf(left.subList(0, Math.min(MOST, left.size())));
        }
    }
}
