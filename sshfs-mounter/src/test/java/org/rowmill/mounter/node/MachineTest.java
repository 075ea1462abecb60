package org.rowmill.mounter.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MachineTest {

    private static final Machine NODE = new Machine("boot", "pid:[1]", "n1", "disk");

    @Test
    void aMachineIsTheSameAsItselfOnly() {
        assertThat(NODE.isSameAs(new Machine("boot", "pid:[1]", "n1", "disk"))).isTrue();
        assertThat(NODE.isSameAs(new Machine("other", "pid:[1]", "n1", "disk"))).isFalse();
        assertThat(NODE.isSameAs(new Machine("boot", "pid:[2]", "n1", "disk"))).isFalse();
        assertThat(NODE.isSameAs(new Machine("boot", "pid:[1]", "n2", "disk"))).isFalse();
    }

    @Test
    void containersOfOneComputerShareItsCpus() {
        assertThat(NODE.sharesCpusWith(new Machine("boot", "pid:[2]", "n2", "image")))
                .isTrue();
        assertThat(NODE.sharesCpusWith(new Machine("other", "pid:[1]", "n1", "disk")))
                .isFalse();
    }

    @Test
    void nothingIsSaidOfAMachineThatIsUnknown() {
        assertThat(Machine.UNKNOWN.isSameAs(Machine.UNKNOWN)).isFalse();
        assertThat(Machine.UNKNOWN.sharesCpusWith(Machine.UNKNOWN)).isFalse();
    }

    @Test
    void copiesOfADiskAndOfAMemoryImageHaveNamesOfTheirOwn() {
        assertThat(NODE.runName("n1")).isNotEqualTo(NODE.runName("n2")).matches("[0-9a-f]{16}");
        assertThat(NODE.bootName("n1")).isNotEqualTo(NODE.bootName("n2"));
        assertThat(NODE.seatName("n1")).isNotEqualTo(NODE.seatName("n2"));
    }

    @Test
    void onlyItsSeatKeepsItsNameWhenAMachineIsBootedAgain() {
        Machine later = new Machine("later", "pid:[1]", "n1", "disk");

        assertThat(later.seatName("n1")).isEqualTo(NODE.seatName("n1"));
        assertThat(later.bootName("n1")).isNotEqualTo(NODE.bootName("n1"));
        assertThat(later.runName("n1")).isNotEqualTo(NODE.runName("n1"));
    }

    @Test
    void thisComputerIsTheSameEachTime() {
        Machine here = Machine.ofThisComputer();

        assertThat(here.isSameAs(Machine.ofThisComputer())).isTrue();
        assertThat(here.host()).isNotBlank();
    }
}
