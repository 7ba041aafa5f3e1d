package com.espra.protoplex.gogo;

import com.espra.protoplex.api.owner.KeyOwner;
import com.espra.protoplex.api.owner.Owners;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code node:owners} and {@code node:owner}: which nodes own the keys of roles, as this node knows it. */
@Component(service = OwnerCommands.class)
@GogoCommand(
        scope = "node",
        function = {"owners", "owner"})
public final class OwnerCommands {

    private final Owners owners;

    /** @param owners what this node knows */
    @Activate
    public OwnerCommands(@Reference Owners owners) {
        this.owners = owners;
    }

    /** How many slots each node owns. */
    @Descriptor("how many slots of roles each node owns, as this node knows it: also while the Seed is away")
    public Object owners() {
        List<OwnerLine> lines = new ArrayList<>();
        for (String role : owners.roles()) {
            Map<String, Integer> counts = new TreeMap<>();
            long epoch = 0;
            for (KeyOwner owner : owners.slots(role)) {
                epoch = owner.epoch();
                counts.merge(owner.moving() ? "(moving)" : owner.node(), 1, Integer::sum);
            }
            for (Map.Entry<String, Integer> count : counts.entrySet()) {
                lines.add(new OwnerLine(role, epoch, owners.isCurrent(role), count.getKey(), count.getValue()));
            }
        }
        return lines.isEmpty() ? "this node has heard of no role that owns keys" : lines;
    }

    /** Who owns a key. */
    @Descriptor("who owns a key of a role: node:owner ROLE KEY")
    public Object owner(@Descriptor("the role") String role, @Descriptor("the key") String key) {
        return owners.owner(role, key)
                .<Object>map(owner -> owner)
                .orElse("this node has not heard of owners of " + role);
    }

    /**
     * What {@code node:owners} tells.
     *
     * @param role the role
     * @param epoch of what is known
     * @param current whether the Seed has confirmed it within the last seconds
     * @param node the owner
     * @param slots how many it owns
     */
    public record OwnerLine(String role, long epoch, boolean current, String node, int slots) {}
}
