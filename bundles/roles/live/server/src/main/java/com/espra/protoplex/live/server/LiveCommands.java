package com.espra.protoplex.live.server;

import com.espra.protoplex.live.core.Hub;
import com.espra.protoplex.live.core.HubEntry;
import com.espra.protoplex.live.core.Member;
import com.espra.protoplex.live.core.Position;
import com.espra.protoplex.live.core.Update;
import com.espra.protoplex.live.core.hub.LocalHub;
import com.espra.protoplex.live.core.log.HubDelta;
import com.espra.protoplex.live.server.select.SelectorChannels;
import com.espra.protoplex.live.server.web.Polls;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** What an operator sees of Live on a node, and does with it. */
@Component(
        service = LiveCommands.class,
        property = {
            "osgi.command.scope=live",
            "osgi.command.function=hubs",
            "osgi.command.function=clients",
            "osgi.command.function=history",
            "osgi.command.function=publish",
            "osgi.command.function=members",
            "osgi.command.function=revoke"
        })
public final class LiveCommands {

    private static final int LAST = 20;
    private static final int MOST_LAST = 1000;
    private static final long PATIENCE_SECONDS = 15;

    private final OpenHubs hubs;
    private final SelectorChannels channels;
    private final Polls polls;

    /** While the hubs are open. */
    @Activate
    public LiveCommands(@Reference OpenHubs hubs, @Reference SelectorChannels channels, @Reference Polls polls) {
        this.hubs = hubs;
        this.channels = channels;
        this.polls = polls;
    }

    /** A hub, for a table. */
    public record HubLine(String hub, String standing, String end, int kept, long bytes, int subscriptions) {}

    /** What clients this node has. */
    public record ClientCounts(int channels, int sessions, List<String> followers) {}

    /** An update, for a table. */
    public record UpdateLine(String at, String time, String keys, String type, String data) {}

    @Descriptor("the hubs that this node knows: what it is to each, how many updates it keeps, who listens here")
    public List<HubLine> hubs() {
        return hubs.local().all().stream()
                .map(LocalHub::facts)
                .map(facts -> new HubLine(
                        facts.name(),
                        facts.standing().name().toLowerCase(Locale.ROOT),
                        facts.end().toString(),
                        facts.kept(),
                        facts.bytes(),
                        facts.subscriptions()))
                .sorted(Comparator.comparing(HubLine::hub))
                .toList();
    }

    @Descriptor("how many clients this node has, and which Live nodes follow it")
    public ClientCounts clients() {
        return new ClientCounts(
                channels.count(), polls.count(), hubs.peers().followers().present());
    }

    @Descriptor("the last updates of a hub: history main")
    public List<UpdateLine> history(String hub) {
        return history(hub, LAST);
    }

    @Descriptor("so many of the last updates of a hub, 1000 at most: history main 100")
    public List<UpdateLine> history(String hub, int count) {
        if (count < 1 || count > MOST_LAST) {
            throw new IllegalArgumentException("'" + count + "' updates: ask for 1 to " + MOST_LAST);
        }
        List<HubEntry> all = hubs.local()
                .known(hub)
                .map(known -> known.delta(Position.NONE, Long.MAX_VALUE))
                .map(HubDelta::entries)
                .orElse(List.of());
        return all.subList(Math.max(0, all.size() - count), all.size()).stream()
                .map(LiveCommands::line)
                .toList();
    }

    private static UpdateLine line(HubEntry entry) {
        Update update = entry.update();
        // What is private is for those who have a right to it.
        String data = update.isPrivate() ? "(private)" : update.data();
        return new UpdateLine(
                entry.position().toString(),
                Instant.ofEpochMilli(entry.time()).toString(),
                String.join(" ", update.keys()),
                update.type(),
                data.length() > 100 ? data.substring(0, 100) + "..." : data);
    }

    @Descriptor("publishes to all who listen to a key: publish main news:1 hello")
    public String publish(String hub, String key, String data) throws Exception {
        return done(known(hub).publish(Update.of(key, data), ""));
    }

    @Descriptor("who is in a hub with a name, on all Live nodes: members main")
    public List<Member> members(String hub) throws Exception {
        return known(hub).members().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Descriptor("closes the connections of a user, as their tokens name it, on all Live nodes: revoke main ann")
    public String revoke(String hub, String user) throws Exception {
        return done(known(hub).revoke(user));
    }

    /** A name that was mistyped makes no hub, for none is ever forgotten. */
    private Hub known(String hub) {
        return hubs.local()
                .known(hub)
                .orElseThrow(() -> new IllegalArgumentException("this node knows no hub '" + hub
                        + "', and makes none by a command: live:hubs lists those that there are; a client or a publisher"
                        + " makes the first use of one"));
    }

    private static String done(CompletionStage<Position> stage) throws Exception {
        return stage.toCompletableFuture()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .toString();
    }
}
