package com.espra.protoplex.proxy.server.table;

import com.espra.protoplex.proxy.server.choice.TargetSet;
import java.util.Map;

/**
 * The targets of a route, and those of them in single regions.
 *
 * @param usual all, those of the own region first
 * @param byRegion of the regions that have a host of their own
 */
public record RegionalPools(TargetSet usual, Map<String, TargetSet> byRegion) {

    /** Keeps a copy. */
    public RegionalPools {
        byRegion = Map.copyOf(byRegion);
    }

    /** Those of a region that has a host; all, if the region is empty. */
    public TargetSet in(String region) {
        return region.isEmpty() ? usual : byRegion.getOrDefault(region, usual);
    }
}
