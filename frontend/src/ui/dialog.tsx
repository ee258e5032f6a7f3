import { AlertDialog } from "@base-ui/react/alert-dialog";
import { Dialog } from "@base-ui/react/dialog";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";

const BACKDROP = "fixed inset-0 bg-scrim z-40";
const POPUP =
  "fixed z-50 left-1/2 -translate-x-1/2 w-[min(34rem,calc(100vw-2rem))] bg-raised border border-line rounded-lg shadow-pop outline-none";

export function Modal(props: {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  isTitleHidden?: boolean;
  children: ReactNode;
}) {
  return (
    <Dialog.Root open={props.isOpen} onOpenChange={(isOpen) => !isOpen && props.onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={BACKDROP} />
        <Dialog.Popup className={`${POPUP} top-[12vh] max-h-[76vh] overflow-auto`}>
          <Dialog.Title className={props.isTitleHidden ? "sr-only" : "px-5 pt-4 text-lg font-semibold"}>
            {props.title}
          </Dialog.Title>
          {props.children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** Asks before something that cannot be taken back. */
export function Confirm(props: {
  isOpen: boolean;
  onClose: () => void;
  onConfirm: () => void;
  title: string;
  children: ReactNode;
  confirm: string;
  keep: string;
}) {
  return (
    <AlertDialog.Root open={props.isOpen} onOpenChange={(isOpen) => !isOpen && props.onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={BACKDROP} />
        <AlertDialog.Popup className={`${POPUP} top-[24vh] p-5 grid gap-3`}>
          <AlertDialog.Title className="text-lg font-semibold">{props.title}</AlertDialog.Title>
          <AlertDialog.Description className="text-ink-2">{props.children}</AlertDialog.Description>
          <div className="flex justify-end gap-2 mt-2">
            <AlertDialog.Close render={<Button />}>{props.keep}</AlertDialog.Close>
            <Button
              kind="danger"
              onClick={() => {
                props.onClose();
                props.onConfirm();
              }}
            >
              {props.confirm}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
