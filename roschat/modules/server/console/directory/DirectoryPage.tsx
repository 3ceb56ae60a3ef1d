/** «Справочник»: the list, and below it the page of each contact. */
import { Route, Switch } from "wouter";
import ContactList from "./ContactList.tsx";
import { ContactPage } from "./ContactPage.tsx";

export default function DirectoryPage() {
  return (
    <Switch>
      <Route path="/directory/:cid/:tab?">
        {({ cid, tab }) => <ContactPage key={cid} cid={Number(cid)} tab={tab ?? "card"} />}
      </Route>
      <Route>
        <ContactList />
      </Route>
    </Switch>
  );
}
