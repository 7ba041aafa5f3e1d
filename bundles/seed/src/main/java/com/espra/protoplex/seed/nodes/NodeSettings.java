package com.espra.protoplex.seed.nodes;

import com.espra.protoplex.fleet.link.LinkFrame;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** What connected nodes say themselves that their units are configured with. Threads: one changes it, any may read. */
public final class NodeSettings {

    private final Map<String, List<LinkFrame.Setting>> nodes = new ConcurrentHashMap<>();

    /** A node tells. */
    public void told(String node, List<LinkFrame.Setting> settings) {
        if (settings.isEmpty()) {
            nodes.remove(node);
        } else {
            nodes.put(node, settings.subList(0, Math.min(LinkFrame.Setting.MOST, settings.size())));
        }
    }

    /** A node is away: what it says now is not known. */
    public void left(String node) {
        nodes.remove(node);
    }

    /** What nodes say of a key, by their names. */
    public Map<String, LinkFrame.Setting> of(String unit, String pid, String name) {
        Map<String, LinkFrame.Setting> found = new TreeMap<>();
        nodes.forEach((node, settings) -> settings.stream()
                .filter(each -> each.unit().equals(unit)
                        && each.pid().equals(pid)
                        && each.name().equals(name))
                // The environment comes last, and counts.
                .forEach(each -> found.put(node, each)));
        return found;
    }
}
