package com.espra.protoplex.parent.coordinate;

import com.espra.protoplex.api.swap.Release;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How far a child is with one unit. */
final class MemberProgress {

    /** Stands for "no release" where a digest is expected. */
    static final String NOTHING = "";

    final SwapMember member;

    /** The digest of what it serves, as it has said. */
    String at = NOTHING;

    /** The digest that it is on its way to; null when nothing is asked of it. */
    @Nullable
    String calling;

    /** The digests that it has refused. */
    final Set<String> refused = new HashSet<>();

    /** The versions that it was given, until they are removed: the ones whose steps it tells. */
    final Set<String> versions = new HashSet<>();

    MemberProgress(SwapMember member) {
        this.member = member;
    }

    /** Whether a release is for this child. */
    boolean takes(Release release) {
        return release.placement() == member.placement();
    }

    /** The release, if it is for this child. */
    @Nullable
    Release own(@Nullable Release release) {
        return release != null && takes(release) ? release : null;
    }

    /** Whether nothing is left to be done to bring it to this digest. */
    boolean isSettled(String digest) {
        return calling == null && (at.equals(digest) || refused.contains(digest));
    }
}
