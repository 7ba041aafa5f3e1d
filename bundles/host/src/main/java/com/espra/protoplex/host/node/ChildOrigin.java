package com.espra.protoplex.host.node;

import com.espra.protoplex.host.StartException;
import com.espra.protoplex.host.config.NodeConfiguration;
import com.espra.protoplex.host.launch.Distribution;
import com.espra.protoplex.host.node.ChildProgram.Revision;
import java.io.IOException;

/**
 * What the children that are started now are made from: an upgrade of the children changes it.
 *
 * @param distribution has their bundles
 * @param configuration the node's
 */
record ChildOrigin(Distribution distribution, NodeConfiguration configuration) {

    /**
     * What the children of a group run.
     *
     * @throws IOException if the distribution is damaged, or does not fit the configuration
     */
    Revision revision(String group) throws IOException {
        try {
            ChildGroup its = ChildGroup.of(configuration, distribution).stream()
                    .filter(each -> each.name().equals(group))
                    .findFirst()
                    .orElseThrow();
            return new Revision(distribution.home(), configuration, its);
        } catch (StartException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
