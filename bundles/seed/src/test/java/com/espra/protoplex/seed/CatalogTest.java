package com.espra.protoplex.seed;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.espra.protoplex.fleet.build.Build;
import com.espra.protoplex.fleet.build.Sha256;
import com.espra.protoplex.fleet.sign.AuthorKey;
import com.espra.protoplex.fleet.sign.SignedBuild;
import com.espra.protoplex.fleet.store.BuildStore;
import com.espra.protoplex.seed.state.Catalog;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Which builds a Seed keeps, and for how long. */
public class CatalogTest {

    private static final Catalog.Offer ANYTHING = new Catalog.Offer("", digest -> false);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final AuthorKey author = AuthorKey.create();
    private Catalog catalog;

    @Before
    public void open() throws Exception {
        catalog = new Catalog(new BuildStore(folder.getRoot().toPath()), now::get);
    }

    /** Adds a build, and gives its digest. */
    private String add(String version) throws Exception {
        byte[] jar = TestJars.bundle("com.example.hello", version, 1000);
        catalog.store().content().put(Sha256.of(jar), jar.length, 0, new ByteArrayInputStream(jar));
        Build made = RunningSeed.build("hello", version, author.author().id(), jar);
        SignedBuild build = SignedBuild.sign(
                new Build(
                        made.format(),
                        made.unit(),
                        made.version(),
                        this.now.get(),
                        made.author(),
                        made.bundles(),
                        made.configurations(),
                        made.readySeconds(),
                        made.drainSeconds()),
                author);
        catalog.add(build, ANYTHING);
        return build.digest();
    }

    private void later(Duration time) {
        now.set(now.get().plus(time));
    }

    @Test
    public void aRefusedBuildGoesWhenItIsAnHourOldHoweverFewThereAre() throws Exception {
        String served = add("1.0.0");
        String refused = add("1.0.1");

        assertEquals("somebody may mend its cause", 0, catalog.collect(Set.of(served), refused::equals, 10));
        later(Duration.ofMinutes(61));
        assertEquals(1, catalog.collect(Set.of(served), refused::equals, 10));

        assertEquals(Set.of(served), catalog.all().keySet());
        assertEquals("on the disk, too", List.of(served), catalog.store().digests());
    }

    @Test
    public void aBuildThatIsNeededStaysThoughItWasRefusedElsewhere() throws Exception {
        String served = add("1.0.0");
        later(Duration.ofMinutes(61));
        assertEquals(0, catalog.collect(Set.of(served), served::equals, 0));
        assertEquals(Set.of(served), catalog.all().keySet());
    }

    /** As often as somebody saves: what was released, and can be rolled back to, is kept as if there had been none of it. */
    @Test
    public void buildsOfDevDoNotPushReleasesOffTheShelf() throws Exception {
        Set<String> releases = new HashSet<>();
        for (int i = 0; i < 4; i++) {
            releases.add(add("1.0." + i));
            later(Duration.ofSeconds(1));
        }
        List<String> saved = new ArrayList<>();
        for (int i = 10; i < 40; i++) {
            saved.add(add("1.1.0.dev-" + i));
            later(Duration.ofSeconds(1));
        }
        later(Duration.ofMinutes(61));

        assertEquals("all but the last three", 27, catalog.collect(Set.of(), digest -> false, 4));

        Set<String> kept = new HashSet<>(releases);
        kept.addAll(saved.subList(27, 30));
        assertEquals(kept, catalog.all().keySet());
        assertEquals("no more of them than of releases", 2, catalog.collect(releases, digest -> false, 1));
    }

    @Test
    public void whatWasOnlyLookedAtGoesUnlessSomebodyMayBePushingIt() throws Exception {
        String served = add("1.0.0");
        String looked = add("1.0.1");
        assertFalse("it serves", catalog.drop(served, looked::equals));
        assertTrue(catalog.drop(looked, looked::equals));
        assertFalse("it is gone", catalog.drop(looked, looked::equals));
        assertEquals("on the disk, too", List.of(served), catalog.store().digests());

        String again = add("1.0.1");
        add("1.0.1");
        assertFalse("somebody else has offered it, too", catalog.drop(again, digest -> true));
        assertEquals(Set.of(served, again), catalog.all().keySet());
    }

    @Test
    public void aPurgeKeepsWhatServesAndWhatIsBeingPushed() throws Exception {
        String served = add("1.0.0");
        add("1.0.1");
        assertEquals("somebody may be pushing it", 0, catalog.purge(Set.of(served)));
        later(Duration.ofSeconds(61));
        String pushed = add("1.0.2");

        assertEquals(1, catalog.purge(Set.of(served)));

        assertEquals(Set.of(served, pushed), catalog.all().keySet());
        assertEquals(List.of("1.0.2", "1.0.0"), catalog.versions("hello"));
    }
}
