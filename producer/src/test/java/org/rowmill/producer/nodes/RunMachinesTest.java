package org.rowmill.producer.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.rowmill.mounter.NodeFault;
import org.rowmill.mounter.node.Machine;
import org.rowmill.mounter.node.Machines.Arrival;
import org.rowmill.mounter.node.Machines.Claim;
import org.rowmill.mounter.node.Machines.Route;
import org.rowmill.schemas.cluster.ClusterNode;

class RunMachinesTest {

    private static final Machine HEAD = new Machine("b0", "pid:[1]", "desk", "d0");
    private static final Machine CONTAINER_OF_HEAD = new Machine("b0", "pid:[7]", "c7", "image");
    private static final Machine ONE = new Machine("b1", "pid:[1]", "one", "d1");
    private static final Machine TWO = new Machine("b2", "pid:[1]", "two", "d2");
    private static final Machine CONTAINER_OF_TWO = new Machine("b2", "pid:[8]", "c8", "image");

    private final List<String> warnings = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final RunMachines machines = new RunMachines(HEAD, warnings::add, notes::add);

    private static ClusterNode node(String address, int cpuLimit, int line) {
        return new ClusterNode(
                address,
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                cpuLimit,
                Optional.empty(),
                List.of(),
                line);
    }

    private Claim accepted(String address, int line, Machine machine, Route route) throws NodeFault {
        return machines.claim(new Arrival(node(address, 0, line), machine, route));
    }

    private NodeFault refused(String address, int line, Machine machine, Route route) {
        return catchThrowableOfType(NodeFault.class, () -> accepted(address, line, machine, route));
    }

    @Nested
    class TheHeadInItsOwnFile {

        @Test
        void isRefusedForGoodByEachOfItsNames() {
            for (Route route : Route.values()) {
                NodeFault fault = refused("any", 3, HEAD, route);
                assertThat(fault).hasMessage("line 3 of the cluster file is this computer, whose CPUs are used anyway");
                assertThat(fault.fix()).contains("--cpu-limit");
                assertThat(fault.isLasting()).isTrue();
            }
        }

        @Test
        void isRefusedInAContainerUnlessTheUserGivesItCpus() throws NodeFault {
            assertThat(refused("localhost", 2, CONTAINER_OF_HEAD, Route.LOOPBACK))
                    .hasMessage("line 2 of the cluster file leads to this computer, whose CPUs are used anyway");
            assertThat(refused("DESK", 2, CONTAINER_OF_HEAD, Route.OTHER).isLasting())
                    .isTrue();
            assertThat(refused("desk.example.org", 2, CONTAINER_OF_HEAD, Route.OWN_ADDRESS)
                            .isLasting())
                    .isTrue();

            machines.claim(new Arrival(node("localhost", 2, 2), CONTAINER_OF_HEAD, Route.LOOPBACK));

            assertThat(warnings).isEmpty();
        }

        @Test
        void isAWarningInAContainerWithAnAddressOfTheHead() throws NodeFault {
            accepted("10.0.0.1", 2, CONTAINER_OF_HEAD, Route.OWN_ADDRESS).close();
            accepted("10.0.0.1", 2, CONTAINER_OF_HEAD, Route.OWN_ADDRESS).close();

            assertThat(warnings).singleElement().asString().contains("10.0.0.1: ", "same CPUs", "cpu_limit in line 2");
        }

        @Test
        void isNoneIfAForwardedPortLeadsElsewhere() throws NodeFault {
            accepted("localhost", 2, ONE, Route.LOOPBACK);
            accepted("desk", 3, TWO, Route.OWN_ADDRESS);

            assertThat(warnings).isEmpty();
        }
    }

    @Nested
    class AMachineWithTwoNames {

        @Test
        void computesOnceAndTheMessageNamesBothLines() throws NodeFault {
            accepted("one", 2, ONE, Route.OTHER);

            NodeFault fault = refused("10.0.0.1", 5, ONE, Route.OTHER);

            assertThat(fault)
                    .hasMessage("line 5 of the cluster file is the same machine as line 2 (one),"
                            + " which computes already");
            assertThat(fault.isLasting()).isFalse();
        }

        @Test
        void computesUnderTheOtherNameWhenTheFirstHasEnded() throws NodeFault {
            accepted("one", 2, ONE, Route.OTHER).close();

            accepted("10.0.0.1", 5, ONE, Route.OTHER);

            assertThat(refused("one", 2, ONE, Route.OTHER)).hasMessageContaining("line 5 (10.0.0.1)");
        }

        @Test
        void isItselfWhenItConnectsAgain() throws NodeFault {
            Claim before = accepted("one", 2, ONE, Route.OTHER);
            accepted("one", 2, ONE, Route.OTHER);

            before.close();

            assertThat(refused("other", 3, ONE, Route.OTHER)).isNull();
        }
    }

    @Test
    void machinesThatSayNothingOfThemselvesAreAllDifferent() throws NodeFault {
        accepted("one", 2, Machine.UNKNOWN, Route.OTHER);
        accepted("two", 3, Machine.UNKNOWN, Route.OTHER);

        assertThat(warnings).isEmpty();
        assertThat(notes).isEmpty();
    }

    @Test
    void containersOfAnotherComputerAreNodesOfTheirOwn() throws NodeFault {
        accepted("two", 2, TWO, Route.OTHER);
        accepted("c8", 3, CONTAINER_OF_TWO, Route.OTHER);

        assertThat(warnings).isEmpty();
        assertThat(notes).singleElement().asString().contains("c8: on the same computer as two");
    }
}
