package com.espra.protoplex.agent.upgrade;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What the Seed may name, and each reason to refuse it. */
public class DistributionsTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path root = Path.of("");
    private Path one = root;
    private Path two = root;

    @Before
    public void install() throws IOException {
        root = folder.getRoot().toPath().toRealPath();
        one = distribution("opt/protoplex-1");
        two = distribution("opt/protoplex-2");
    }

    private Path distribution(String name) throws IOException {
        Files.createDirectories(root.resolve(name).resolve("features"));
        return root.resolve(name);
    }

    private Path link(String name, Path target) throws IOException {
        Path link = root.resolve(name);
        Files.deleteIfExists(link);
        return Files.createSymbolicLink(link, target);
    }

    private static Distributions of(Path home) {
        return new Distributions(home, Files::getOwner);
    }

    private static void refused(String why, Distributions distributions, String asked) {
        IOException refusal = assertThrows(asked, IOException.class, () -> distributions.choose(asked));
        assertTrue(refusal.getMessage(), String.valueOf(refusal.getMessage()).contains(why));
    }

    @Test
    public void whatItRunsFromAndWhatLiesBesideItIsTaken() throws IOException {
        assertEquals(one, of(one).choose(""));
        assertEquals(one, of(one).choose(one.toString()));
        assertEquals(two, of(one).choose(two.toString()));
        assertEquals(two, of(one).choose(one + "/../protoplex-2"));
    }

    /** The practice: a link of the operator's, turned from version to version. It is followed anew, and goes on to be. */
    @Test
    public void aLinkThatTheNodeRunsFromIsFollowedAnew() throws IOException {
        Path current = link("opt/current", one);
        Distributions distributions = of(current);
        link("opt/current", two);

        assertEquals(current, distributions.choose(""));
        assertEquals(current, distributions.choose(current.toString()));
        assertEquals("it is where the link leads", current, distributions.choose(two.toString()));
        assertEquals(one, distributions.choose(one.toString()));
    }

    /** Whoever made the link can turn it round when it was looked at. */
    @Test
    public void anotherLinkIsTakenForWhatItIsNow() throws IOException {
        assertEquals(two, of(one).choose(link("mine", two).toString()));
        assertEquals(two, of(one).choose(link("opt/current", two).toString()));
    }

    @Test
    public void aLinkElsewhereMayLeadToTheDistributions() throws IOException {
        Path current = link("current", one);
        assertEquals(current, of(current).choose(""));
        assertEquals(two, of(current).choose(two.toString()));
        refused("no folder beside", of(current), distribution("protoplex-9").toString());
    }

    @Test
    public void whatLiesElsewhereIsRefused() throws IOException {
        Path elsewhere = distribution("tmp/protoplex-3");
        distribution("opt/protoplex-1/protoplex-4");
        refused("no folder beside", of(one), elsewhere.toString());
        refused("no folder beside", of(one), one + "/../../tmp/protoplex-3");
        refused("no folder beside", of(one), link("opt/protoplex-5", elsewhere).toString());
        refused("no folder beside", of(one), one.resolve("protoplex-4").toString());
        refused("no folder beside", of(one), root.resolve("opt").toString());
        refused("no folder beside", of(one), "/");
    }

    @Test
    public void whatIsNoPathOfAFolderIsRefusedAlike() throws IOException {
        for (String asked : new String[] {"protoplex-2", "../protoplex-2", "\u0000", root + "/opt/protoplex-7"}) {
            refused("no folder beside", of(one), asked);
        }
    }

    @Test
    public void whatBelongsToAnotherUserIsRefused() throws IOException {
        Distributions distributions = new Distributions(one, file -> file.equals(two) ? "mallory" : "ada");
        refused("another user", distributions, two.toString());
        assertEquals(one, distributions.choose(""));
    }

    @Test
    public void whatIsNoDistributionIsRefused() throws IOException {
        Path data = Files.createDirectories(root.resolve("opt/data"));
        refused("no distribution", of(one), data.toString());
        link("opt/data/features", one.resolve("features"));
        refused("no distribution", of(one), data.toString());
        Files.writeString(Files.createDirectories(root.resolve("opt/file")).resolve("features"), "");
        refused("no distribution", of(one), root + "/opt/file");
        Files.delete(one.resolve("features"));
        refused("no distribution", of(one), "");
    }

    @Test
    public void aLinkThatLeadsNowhereIsRefused() throws IOException {
        Path current = link("opt/current", root.resolve("opt/gone"));
        refused("leads to no folder", of(current), "");
        refused("leads to no folder", of(current), two.toString());
    }
}
