package com.espra.protoplex.live.server;

import com.espra.protoplex.api.call.FleetCalls;
import com.espra.protoplex.api.directory.Directory;
import com.espra.protoplex.api.node.Node;
import com.espra.protoplex.api.owner.Owners;
import com.espra.protoplex.api.swap.Generation;
import com.espra.protoplex.files.FolderLock;
import com.espra.protoplex.live.core.Hub;
import com.espra.protoplex.live.core.HubLimits;
import com.espra.protoplex.live.core.Hubs;
import com.espra.protoplex.live.core.hub.LocalHubs;
import com.espra.protoplex.live.server.peer.FleetPeers;
import com.espra.protoplex.live.server.peer.PeerThreads;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.condition.Condition;
import org.osgi.service.metatype.annotations.Designate;

/** The hubs of this node, while this version is the live one. What they keep goes through a file to the next version, or the next start. */
@Component(
        service = {OpenHubs.class, Hubs.class},
        configurationPid = LiveConfig.PID)
@Designate(ocd = LiveConfig.class)
public final class OpenHubs implements Hubs {

    private static final long TICK_MILLIS = 500;

    private final FolderLock lock;
    private final HubsFile file;
    private final PeerThreads threads = new PeerThreads();
    private final FleetPeers peers;
    private final LocalHubs hubs;

    /** Takes them over. */
    @Activate
    public OpenHubs(
            @Reference Node node,
            @Reference Owners owners,
            @Reference FleetCalls calls,
            @Reference Directory directory,
            @Reference(target = Generation.LIVE) Condition live,
            LiveConfig config)
            throws IOException, InterruptedException {
        Path folder = node.data("live");
        lock = FolderLock.take(folder, Duration.ofSeconds(20));
        file = new HubsFile(folder.resolve("hubs"));
        peers = new FleetPeers(node.name(), owners, calls, directory, threads);
        HubLimits limits = new HubLimits(
                config.historyUpdates(),
                config.historyMiB() * (1L << 20),
                Duration.ofSeconds(config.historySeconds()),
                HubLimits.STANDARD.hubs(),
                HubLimits.STANDARD.subscriptions());
        hubs = new LocalHubs(limits, peers, InstantSource.system(), System::nanoTime);
        file.read(hubs);
        peers.start(hubs);
        peers.tick();
        threads.every(TICK_MILLIS, this::tick);
    }

    private void tick() {
        hubs.tick();
        peers.tick();
    }

    /** Does something every while, as long as the hubs are open. */
    public void every(Duration pause, Runnable work) {
        threads.every(pause.toMillis(), work);
    }

    /** The hubs with all that this node does with them. */
    public LocalHubs local() {
        return hubs;
    }

    /** The other nodes. */
    public FleetPeers peers() {
        return peers;
    }

    @Override
    public Hub hub(String name) {
        return hubs.hub(name);
    }

    @Override
    public Set<String> names() {
        return hubs.names();
    }

    @Deactivate
    void close() throws IOException {
        peers.stop();
        threads.close();
        try {
            file.write(hubs);
        } finally {
            lock.close();
        }
    }
}
