package com.espra.protoplex.agent.upgrade;

import com.espra.protoplex.files.ProcessRef;
import com.espra.protoplex.fleet.link.LinkFrame;
import com.espra.protoplex.json.Json;
import com.espra.protoplex.peer.Peer;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replacement of this node's processes, as the Seed asks for it and hears of it. The host does it, and writes how it goes to
 * {@code upgrade.json}, because neither this bundle nor its process need be there at the end: whoever is tells.
 *
 * <p>Threads: safe from any; no call blocks for long.
 */
public final class NodeUpgrades {

    private static final Logger LOG = LoggerFactory.getLogger(NodeUpgrades.class);
    private static final long LOOK_MILLIS = 100;

    /** The variable by which the host knows the process that it takes over from. */
    private static final String PREDECESSOR = "PREDECESSOR";

    private final @Nullable Peer host;
    private final Path file;
    private final Distributions distributions;
    /** As it was at the start: a link may lead elsewhere since. */
    private final String running;

    private final String predecessor;
    private final Executor executor;
    private final Deque<LinkFrame.Upgraded> refused = new ArrayDeque<>();
    private final AtomicBoolean watching = new AtomicBoolean();
    private volatile Runnable changed = () -> {};

    /**
     * @param host the process's host; null where the node is one process, which nothing can take over from
     * @param data the node's folder
     * @param home the distribution that the node runs from, as it was told
     * @param executor for what waits; interrupts it when the bundle stops
     */
    public NodeUpgrades(@Nullable Peer host, Path data, Path home, Executor executor) {
        this(
                host,
                data,
                new Distributions(home, Files::getOwner),
                System.getenv().getOrDefault(PREDECESSOR, ""),
                executor);
    }

    NodeUpgrades(@Nullable Peer host, Path data, Distributions distributions, String predecessor, Executor executor) {
        this.host = host;
        this.file = data.resolve("upgrade.json");
        this.distributions = distributions;
        this.running = host == null ? "" : distributions.running();
        this.predecessor = predecessor;
        this.executor = executor;
    }

    /** Calls this, from any thread, when there is something new to {@link #report}. */
    public void onChange(Runnable listener) {
        changed = listener;
    }

    /** Begins what the Seed asks for, or refuses it; returns at once. */
    public void begin(LinkFrame.Upgrade asked) {
        try {
            executor.execute(() -> hand(asked));
        } catch (RejectedExecutionException e) {
            LOG.debug("the node stops; upgrade {} is not begun", asked.id(), e);
        }
    }

    private void hand(LinkFrame.Upgrade asked) {
        try {
            if (host == null) {
                throw new IOException("this node is one process, which nothing can take over from");
            }
            if (asked.id().isEmpty()) {
                throw new IOException("an upgrade needs an id");
            }
            Path home = distributions.choose(asked.distribution());
            LOG.info(
                    "The Seed asks to replace the processes of this node by those of {}: upgrade {}", home, asked.id());
            var _ = host.ask("upgrade", Map.of("id", asked.id(), "home", home.toString(), "parent", !asked.children()))
                    .whenComplete((answer, failure) -> {
                        if (failure != null) {
                            refuse(asked.id(), failure);
                        }
                        changed.run();
                    });
        } catch (IOException | RuntimeException e) {
            refuse(asked.id(), e);
        }
        changed.run();
    }

    private void refuse(String id, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        String reason = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        LOG.warn("upgrade {} is refused: {}", id, reason);
        synchronized (refused) {
            refused.addFirst(new LinkFrame.Upgraded(id, LinkFrame.Upgraded.FAILED, reason, 0));
            // With the one that the file tells of.
            if (refused.size() >= LinkFrame.Upgrades.MOST) {
                refused.removeLast();
            }
        }
    }

    /** How it went, and how it goes; {@link #onChange} tells of its end. */
    public LinkFrame.Upgrades report() {
        List<LinkFrame.Upgraded> last = new ArrayList<>();
        Optional<LinkFrame.Upgraded> ran = last();
        ran.ifPresent(last::add);
        synchronized (refused) {
            last.addAll(refused);
        }
        if (ran.filter(NodeUpgrades::runs).isPresent() && watching.compareAndSet(false, true)) {
            watch();
        }
        return new LinkFrame.Upgrades(host != null, last, running);
    }

    /** The one who writes its end may be another process: the predecessor of this one. */
    private void watch() {
        try {
            executor.execute(() -> {
                try {
                    while (last().filter(NodeUpgrades::runs).isPresent()) {
                        Thread.sleep(LOOK_MILLIS);
                    }
                } catch (InterruptedException e) {
                    LOG.debug("the node stops while its processes are replaced", e);
                    return;
                }
                watching.set(false);
                changed.run();
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("the node stops; its successor tells how the upgrade ends", e);
        }
    }

    private static boolean runs(LinkFrame.Upgraded upgraded) {
        return upgraded.state().equals(LinkFrame.Upgraded.RUNNING);
    }

    /** The one that runs or ran last. */
    private Optional<LinkFrame.Upgraded> last() {
        JsonNode found = read();
        long process = found.path("process").asLong();
        boolean alive = new ProcessRef(process, found.path("started").asText()).alive();
        // In the place of its predecessor the host of this process says how it ends.
        boolean another = !predecessor.equals(Long.toString(process));
        if (another && isRunning(found) && !alive) {
            // It may have written the end, and ended itself, after that was read.
            found = read();
            if (isRunning(found)) {
                return Optional.of(new LinkFrame.Upgraded(
                        found.path("id").asText(),
                        LinkFrame.Upgraded.FAILED,
                        "process " + process
                                + ", which replaced them, ended before it said how that went: its log says more",
                        0));
            }
        }
        String state = found.path("state").asText();
        // The host of an older version, which said less, may have written it.
        return state.isEmpty()
                ? Optional.empty()
                : Optional.of(new LinkFrame.Upgraded(
                        found.path("id").asText(),
                        state.toUpperCase(Locale.ROOT),
                        found.path("reason").asText(),
                        found.path("seconds").asDouble()));
    }

    private static boolean isRunning(JsonNode found) {
        return found.path("state").asText().equalsIgnoreCase(LinkFrame.Upgraded.RUNNING);
    }

    private JsonNode read() {
        try {
            return Json.MAPPER.readTree(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Json.MAPPER.createObjectNode();
        } catch (IOException e) {
            LOG.warn("{} cannot be read; the Seed does not hear of what it tells: {}", file, e.getMessage());
            return Json.MAPPER.createObjectNode();
        }
    }
}
