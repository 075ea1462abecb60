package org.rowmill.schemas;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * Operating-system signals. The JDK has them in {@code sun.misc} only, whose use the compiler cannot be told to accept
 * under {@code -Werror}; hence by reflection. Where they are missing, signals keep their usual effect.
 */
public final class Signals {

    private static final String SIGNAL = "sun.misc.Signal";
    private static final String HANDLER = "sun.misc.SignalHandler";

    private Signals() {}

    /**
     * Runs something each time a signal arrives, instead of ending the process.
     *
     * @param name the signal without SIG, such as INT
     * @param action run on a thread of the JVM, one call at a time for each signal
     * @return whether the system let us
     */
    public static boolean on(String name, Runnable action) {
        InvocationHandler call = (proxy, method, arguments) -> switch (method.getName()) {
            case "handle" -> {
                action.run();
                yield null;
            }
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> proxy == arguments[0];
            default -> "handler of SIG" + name;
        };
        try {
            Class<?> handler = Class.forName(HANDLER);
            Object proxy = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, call);
            handle(name, handler, proxy);
            return true;
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * Makes the process deaf to a signal: Ctrl-C on a terminal reaches the children of the head too, which are to end
     * when the head says so.
     *
     * @param name the signal without SIG, such as INT
     * @return whether the system let us
     */
    public static boolean ignore(String name) {
        try {
            Class<?> handler = Class.forName(HANDLER);
            handle(name, handler, handler.getField("SIG_IGN").get(null));
            return true;
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * Ends this process at once, by SIGKILL where there is a {@code kill} command: a JVM that halts may first take seconds
     * to write an archive of its classes. Does not return.
     *
     * @param exitCode where no signal can be sent
     */
    public static void killSelf(int exitCode) {
        try {
            String self = Long.toString(ProcessHandle.current().pid());
            new ProcessBuilder("kill", "-KILL", self).start().waitFor();
        } catch (IOException e) {
            // then it takes longer
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(exitCode);
    }

    private static void handle(String name, Class<?> handlerClass, Object handler) throws ReflectiveOperationException {
        Class<?> signal = Class.forName(SIGNAL);
        Object of = signal.getConstructor(String.class).newInstance(name);
        signal.getMethod("handle", signal, handlerClass).invoke(null, of, handler);
    }
}
