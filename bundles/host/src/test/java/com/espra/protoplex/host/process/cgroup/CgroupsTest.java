package com.espra.protoplex.host.process.cgroup;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Plain folders in the place of the hierarchy: which bound is written to which file, and what is used at all. */
public class CgroupsTest {

    private static final long PID = 4711;
    private static final long MIB = 1 << 20;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path top;

    @Before
    public void aContainersOwn() throws IOException {
        top = folder.newFolder("cgroup").toPath().toRealPath();
        cgroup(top, "cpu memory pids", Long.toString(PID));
    }

    @Test
    public void theTopmostOfAContainerIsItsOwn() throws IOException {
        assertEquals(top, Cgroups.delegated(new CgroupMembership(top, top), PID));
    }

    @Test
    public void aSuccessorFindsWhatItsPredecessorHad() throws IOException {
        Files.writeString(top.resolve("cgroup.procs"), "");
        assertEquals(top, Cgroups.delegated(new CgroupMembership(top.resolve("parent"), top), PID));
    }

    @Test
    public void theMachinesRootIsLeftAlone() throws IOException {
        Files.delete(top.resolve("cgroup.type"));
        assertRefused("root of all cgroups", new CgroupMembership(top, top));
    }

    @Test
    public void whatOthersAreInIsLeftAlone() throws IOException {
        Files.writeString(top.resolve("cgroup.procs"), "1\n" + PID + "\n");
        assertRefused("other processes are in " + top + ", too: [1]", new CgroupMembership(top, top));
    }

    @Test
    public void whatSystemdHasNotDelegatedIsLeftAlone() throws IOException {
        Path service = top.resolve("protoplex.service");
        cgroup(service, "memory pids", Long.toString(PID));
        assertRefused("Delegate=yes", new CgroupMembership(service, top));
    }

    @Test
    public void theParentMovesAndTheControllersAreEnabled() throws IOException {
        Cgroups cgroups = Cgroups.open(Cgroups.AUTO, self("/"), PID);

        assertEquals(Long.toString(PID), Files.readString(top.resolve("parent/cgroup.procs")));
        assertEquals("the last that was written", "+pids", Files.readString(top.resolve("cgroup.subtree_control")));
        assertTrue(cgroups.child("serving-child-0.1").isPresent());
    }

    @Test
    public void aParentThatIsElsewhereStaysThere() throws IOException {
        Path given = top.resolve("given");
        cgroup(given, "pids", "");
        ChildCgroup child =
                Cgroups.open(given.toString(), self("/"), PID).child("a").orElseThrow();
        assertFalse(Files.exists(given.resolve("parent")));
        assertEquals(
                "what is not there is not asked for",
                "+pids",
                Files.readString(given.resolve("cgroup.subtree_control")));
        child.make(1024 * MIB);
        assertFalse("nor is its bound set", Files.exists(child.folder().resolve("memory.max")));
        assertEquals("16384", file(child, "pids.max"));
    }

    @Test
    public void whatCannotBeUsedDoesNotKeepTheNodeFromStarting() throws IOException {
        assertEquals(Optional.empty(), Cgroups.open(Cgroups.OFF, self("/"), PID).child("a"));
        assertEquals(
                Optional.empty(), Cgroups.open(top + "/none", self("/"), PID).child("a"));
        assertEquals(
                Optional.empty(),
                Cgroups.open(Cgroups.AUTO, top.resolve("no-proc"), PID).child("a"));
        assertFalse("it did not move", Files.exists(top.resolve("parent")));
    }

    @Test
    public void aChildIsBoundedAboveWhereItIsReplaced() throws IOException {
        ChildCgroup child = made();
        child.add(99);

        assertEquals(top.resolve(ProcessHandle.current().pid() + "-serving-child-0.1"), child.folder());
        assertEquals(Long.toString(1280 * MIB), file(child, "memory.max"));
        assertEquals("1", file(child, "memory.oom.group"));
        assertEquals("16384", file(child, "pids.max"));
        assertEquals("99", file(child, "cgroup.procs"));
        assertEquals("a small one has room for a successor to start", 328 * MIB, ChildCgroup.hardBound(200 * MIB));
    }

    @Test
    public void anEmptyOneOfItsNameIsMadeAnewAndOneInUseIsLeftAlone() throws IOException {
        ChildCgroup child =
                Cgroups.open(Cgroups.AUTO, self("/"), PID).child("a").orElseThrow();
        Files.createDirectory(child.folder());
        child.make(1024 * MIB);
        assertEquals(Long.toString(1280 * MIB), file(child, "memory.max"));
        // A folder with files in it cannot be deleted, as a cgroup with processes cannot.
        assertThrows(IOException.class, () -> child.make(2048 * MIB));
        assertEquals(Long.toString(1280 * MIB), file(child, "memory.max"));
    }

    @Test
    public void whatTheKernelEndedForWantOfMemoryIsKnown() throws IOException {
        ChildCgroup child = made();
        assertEquals("", child.killed());
        Files.writeString(child.folder().resolve("memory.events"), "low 0\nmax 9\noom 0\noom_kill 0\n");
        assertEquals("", child.killed());
        Files.writeString(child.folder().resolve("memory.events"), "low 0\nmax 9\noom 1\noom_kill 1\n");
        assertEquals("at 1280 MiB (memory.max of its cgroup)", child.killed());
        Files.writeString(child.folder().resolve("memory.events"), "low 0\nmax 0\noom 0\noom_kill 1\n");
        assertTrue(child.killed(), child.killed().startsWith("because there was no memory left"));
    }

    @Test
    public void onlyTheCgroupOfAChildIsTakenForALeftover() throws IOException {
        assertEquals(Optional.empty(), ChildCgroup.left(top));
        Path child = top.resolve("7-serving-child-0.1");
        assertEquals("gone", Optional.empty(), ChildCgroup.left(child));
        cgroup(child, "", "");
        assertEquals(child, ChildCgroup.left(child).orElseThrow().folder());
        Path ofOneThatTookItsNodeBack = top.resolve("7-single.2-child-1.12");
        cgroup(ofOneThatTookItsNodeBack, "", "");
        assertTrue(ChildCgroup.left(ofOneThatTookItsNodeBack).isPresent());
        Path anothers = top.resolve("7-serving-child-0.1.slice");
        cgroup(anothers, "", "");
        assertEquals("of another name", Optional.empty(), ChildCgroup.left(anothers));
    }

    private static void assertRefused(String part, CgroupMembership own) {
        IOException refused = assertThrows(IOException.class, () -> Cgroups.delegated(own, PID));
        assertTrue(refused.getMessage(), refused.getMessage().contains(part));
    }

    /** In the topmost of a container, with all controllers. */
    private ChildCgroup made() throws IOException {
        ChildCgroup child = Cgroups.open(Cgroups.AUTO, self("/"), PID)
                .child("serving-child-0.1")
                .orElseThrow();
        child.make(1024 * MIB);
        return child;
    }

    private static String file(ChildCgroup child, String name) throws IOException {
        return Files.readString(child.folder().resolve(name));
    }

    private Path self(String path) throws IOException {
        Path self = folder.newFolder().toPath();
        Files.write(self.resolve("cgroup"), List.of("0::" + path));
        Files.write(self.resolve("mountinfo"), List.of("9 8 0:27 / " + top + " rw - cgroup2 cgroup rw"));
        return self;
    }

    private static void cgroup(Path path, String controllers, String processes) throws IOException {
        Files.createDirectories(path);
        Files.writeString(path.resolve("cgroup.type"), "domain\n");
        Files.writeString(path.resolve("cgroup.controllers"), controllers + "\n");
        Files.writeString(path.resolve("cgroup.subtree_control"), "\n");
        Files.writeString(path.resolve("cgroup.procs"), processes);
    }
}
