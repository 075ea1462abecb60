package org.rowmill.producer.nodes;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;
import org.rowmill.producer.console.ExitCode;
import org.rowmill.producer.console.StopSignal;
import org.rowmill.producer.rundir.HeldRowsFile;
import org.rowmill.schemas.protocol.ConsumerControl;
import org.rowmill.schemas.protocol.ConsumerSettings;

/** For a debugger: consumer.jar in this JVM, loaded apart from the head's classes, with one slot and no time limit. */
public final class InProcessConsumer implements HeadConsumer {

    private static final String CLASS = "org.rowmill.consumer.process.InProcess";
    private static final int PIPE_BYTES = 1 << 16;
    private static final Duration GRACE = Duration.ofSeconds(5);

    /** Stays open: threads of the broker's client still load classes while they end, which is with this process. */
    private final URLClassLoader loader;

    private final ConsumerSettings settings;
    private final StopSignal stop;
    private final PipedOutputStream in = new PipedOutputStream();
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();
    private volatile boolean closing;

    public InProcessConsumer(Path jar, ConsumerSettings settings, StopSignal stop) throws IOException {
        this.loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
        this.settings = settings;
        this.stop = stop;
    }

    @Override
    public void start() throws IOException {
        HeldRowsFile.prepare(settings.slots().inHand(), settings.slots().count());
        PipedInputStream input = new PipedInputStream(in, PIPE_BYTES);
        PrintStream terminal = System.err; // standard output is for results
        System.setOut(terminal);
        Thread thread = new Thread(() -> run(input, terminal), "rowmill-in-process");
        thread.setDaemon(true);
        thread.setContextClassLoader(loader);
        thread.start();
        settings.writeTo(in);
    }

    private void run(InputStream input, PrintStream terminal) {
        try {
            Method run =
                    loader.loadClass(CLASS).getMethod("run", InputStream.class, OutputStream.class, IntConsumer.class);
            IntConsumer told = this::ended;
            run.invoke(null, input, new Unclosed(terminal), told);
        } catch (InvocationTargetException e) {
            failed(String.valueOf(e.getCause()));
        } catch (ReflectiveOperationException e) {
            failed(e.toString());
        }
    }

    private void ended(int exitCode) {
        ended.complete(exitCode);
        if (!closing) {
            failed("it ended with exit code " + exitCode);
        }
    }

    private void failed(String why) {
        ended.complete(ExitCode.SOME_FAILED);
        stop.request("the consumer in this process cannot go on: " + why, ExitCode.SOME_FAILED);
    }

    /** Only a process can be ended at once. */
    @Override
    public void kill() {
        closing = true;
    }

    /** Whoever looks at a row in a debugger takes longer than the row may. */
    @Override
    public void limitRows(Duration limit) {}

    /** There is no other node. */
    @Override
    public void setAside(Duration time) {}

    @Override
    public void close() throws IOException {
        closing = true;
        ConsumerControl.STOP.writeTo(in);
        in.close();
        try {
            ended.get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return; // its threads end with this process
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The terminal outlives the consumer. */
    private static final class Unclosed extends FilterOutputStream {
        Unclosed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
