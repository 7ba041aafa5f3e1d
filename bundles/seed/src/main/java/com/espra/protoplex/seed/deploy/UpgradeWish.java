package com.espra.protoplex.seed.deploy;

import java.util.Map;

/**
 * What somebody asks of a fleet's processes.
 *
 * @param children whether only the processes that serve are replaced, and not their parents
 * @param distributions node to the folder that it starts from; any other one starts what it runs from
 * @param by who asks, for people
 */
public record UpgradeWish(boolean children, Map<String, String> distributions, String by) {

    /** Keeps a copy. */
    public UpgradeWish {
        distributions = Map.copyOf(distributions);
    }
}
